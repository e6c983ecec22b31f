import Kernels

/// A function applied to every element of a result as it is written.
public typealias Activation = Kernels.Activation
