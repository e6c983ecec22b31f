import Kernels

/// A convolution's weight in the order in which the kernels read it. Packed once, used many times.
public struct PackedConvolution: Sendable {
    enum Storage: Sendable {
        /// One packed weight a group: `[taps * channels, outputs]`.
        case groups([PackedPanels])
        /// `[taps, channels]`, where each channel is a group with one output.
        case depthwise(Tensor<Float>)
        /// All groups of a two-dimensional kernel in one matrix.
        case grouped(GroupedWeight)
        /// A 3x3 kernel for stride 1, transformed, one a group.
        case winograd([WinogradWeight])
    }

    let storage: Storage
    let kernel: Extent

    /// What was packed, where gradients will ask for it.
    let source: Tensor<Float>?

    /// Channels that come out.
    public let outputs: Int

    /// Channels that go in, of all groups together.
    public let inputs: Int

    /// Groups of channels that do not see each other.
    public let groups: Int

    /// Packs a weight in the layout of checkpoints: `[outputs, inputs / groups, height, width]` or
    /// `[outputs, inputs / groups, frames, height, width]`; any view will do.
    ///
    /// - Parameter onlyStride1: that no other stride will be asked for: 3x3 kernels are then kept for
    ///   Winograd's algorithm, which needs less than half the products.
    public init(_ weight: Tensor<Float>, groups: Int = 1, onlyStride1: Bool = false) {
        precondition(
            weight.rank == 4 || weight.rank == 5,
            "PackedConvolution: \(weight.shape) is not [outputs, inputs, (frames,) height, width]")
        precondition(
            groups > 0 && weight.shape[0] % groups == 0,
            "PackedConvolution: the outputs of \(weight.shape) do not split into \(groups) groups")
        source = weight.isTraced ? weight : nil
        let weight = weight.rank == 4 ? weight.expandedDimensions(axis: 2) : weight
        kernel = Extent(
            frames: weight.shape[2], height: weight.shape[3], width: weight.shape[4])
        outputs = weight.shape[0]
        inputs = weight.shape[1] * groups
        self.groups = groups
        if groups > 1, weight.shape[1] == 1, outputs == groups {
            storage = .depthwise(
                weight.transposed(2, 3, 4, 1, 0).reshaped(kernel.count, outputs))
        } else if onlyStride1, Self.paysTransformed(weight.shape, groups: groups) {
            storage = .winograd(Self.transformed(weight, groups: groups))
        } else if groups > 1, kernel.frames == 1, kernel.count > 1,
            GroupedWeight.fits(groups: groups, outputs: outputs / groups)
        {
            storage = .grouped(Self.grouped(weight, groups: groups))
        } else {
            storage = .groups(Self.packed(weight, groups: groups))
        }
    }

    /// Whether `[outputs, inputs, frames, height, width]` is a 3x3 kernel with channels enough for the
    /// products to outweigh the transforms.
    ///
    /// The direct product of few channels in groups is slower than that of all channels, so that groups pay
    /// earlier; but 512-bit vectors make the product of a group of 32 cheaper than its transforms.
    private static func paysTransformed(_ shape: [Int], groups: Int) -> Bool {
        let outputs = shape[0] / groups
        let fewest = min(outputs, shape[1])
        let pays =
            groups == 1
            ? fewest >= 32
            : fewest >= 16 && !(InstructionSet.hasWideVectors && (32..<64).contains(fewest))
        return shape[3] == 3 && shape[4] == 3 && outputs % 8 == 0
            && WinogradWeight.takes(channels: shape[1]) && pays
    }

    private static func transformed(_ weight: Tensor<Float>, groups: Int) -> [WinogradWeight] {
        let outputs = weight.shape[0] / groups
        return (0..<groups).map { group in
            weight[group * outputs..<(group + 1) * outputs].withUnsafeBuffer { elements in
                WinogradWeight(
                    elements, outputs: outputs, channels: weight.shape[1], frames: weight.shape[2])
            }
        }
    }

    private static func grouped(_ weight: Tensor<Float>, groups: Int) -> GroupedWeight {
        let (outputs, channels) = (weight.shape[0] / groups, weight.shape[1])
        let taps = weight.shape[3] * weight.shape[4]
        return weight.transposed(0, 2, 4, 3, 1).withUnsafeBuffer { elements in
            guard let elements = elements.baseAddress else {
                preconditionFailure("PackedConvolution: \(weight.shape) has no elements")
            }
            return GroupedWeight(
                elements, groups: groups, outputs: outputs, taps: taps, channels: channels)
        }
    }

    private static func packed(_ weight: Tensor<Float>, groups: Int) -> [PackedPanels] {
        // The taps have one stride where the kernel's axes lie in memory without gaps.
        let taps = weight.shape[2] * weight.shape[3] * weight.shape[4]
        let strides = weight.strides
        let plain =
            strides[3] == strides[4] * weight.shape[4] && strides[2] == strides[3] * weight.shape[3]
        // (A contiguous tensor's stride of an axis of length 1 says nothing, so it is not asked.)
        let source = plain ? weight : weight.contiguous()
        let outputs = source.shape[0] / groups
        return withExtendedLifetime(source.storage) {
            (0..<groups).map { group in
                PackedPanels(
                    weight: source.storage.elements + source.offset
                        + group * outputs * source.strides[0],
                    columns: outputs, columnStride: source.strides[0], taps: taps,
                    tapStride: plain ? source.strides[4] : 1, channels: source.shape[1],
                    channelStride: source.strides[1])
            }
        }
    }
}
