// `Activation` is part of this module's interface and of the kernels': whoever imports `Tensor` has it.
@_exported import enum Kernels.Activation
