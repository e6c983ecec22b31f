/// The type of a stored tensor's elements, spelled as in safetensors headers.
public enum ElementType: String, Sendable, CaseIterable {
    /// One byte, 0 or 1.
    case bool = "BOOL"
    /// Unsigned 8-bit integer.
    case uint8 = "U8"
    /// Signed 8-bit integer.
    case int8 = "I8"
    /// Signed 16-bit integer.
    case int16 = "I16"
    /// Unsigned 16-bit integer.
    case uint16 = "U16"
    /// Signed 32-bit integer.
    case int32 = "I32"
    /// Unsigned 32-bit integer.
    case uint32 = "U32"
    /// Signed 64-bit integer.
    case int64 = "I64"
    /// Unsigned 64-bit integer.
    case uint64 = "U64"
    /// IEEE half precision.
    case float16 = "F16"
    /// The upper half of a single-precision number.
    case bfloat16 = "BF16"
    /// IEEE single precision.
    case float32 = "F32"
    /// IEEE double precision.
    case float64 = "F64"
    /// Two single-precision numbers, real part first.
    case complex64 = "C64"
    /// 8-bit float, 4 exponent and 3 mantissa bits.
    case float8E4M3 = "F8_E4M3"
    /// 8-bit float, 5 exponent and 2 mantissa bits.
    case float8E5M2 = "F8_E5M2"
    /// 8-bit power of two, without sign or mantissa.
    case float8E8M0 = "F8_E8M0"
    /// 6-bit float, 2 exponent and 3 mantissa bits.
    case float6E2M3 = "F6_E2M3"
    /// 6-bit float, 3 exponent and 2 mantissa bits.
    case float6E3M2 = "F6_E3M2"
    /// 4-bit float.
    case float4 = "F4"

    /// How many bits an element takes in a file.
    public var bitWidth: Int {
        switch self {
        case .float4: 4
        case .float6E2M3, .float6E3M2: 6
        case .bool, .uint8, .int8, .float8E4M3, .float8E5M2, .float8E8M0: 8
        case .int16, .uint16, .float16, .bfloat16: 16
        case .int32, .uint32, .float32: 32
        case .int64, .uint64, .float64, .complex64: 64
        }
    }

    /// Whether the elements are whole numbers (truth values included): indices, counters, masks.
    public var isInteger: Bool {
        switch self {
        case .bool, .uint8, .int8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
        default: false
        }
    }

    /// The bytes that `shape` takes; nil where that overflows or does not end on a whole byte.
    func byteCount(of shape: [Int]) -> Int? {
        guard let count = elementCount(shape) else { return nil }
        let (bits, overflow) = count.multipliedReportingOverflow(by: bitWidth)
        return overflow || bits % 8 != 0 ? nil : bits / 8
    }
}

/// The product of the lengths of `shape`; nil where one is negative or the product, without its zeros,
/// does not fit.
///
/// Zeros are left out of the check's product so that `[0, huge, huge]` is refused: every later
/// computation with the shape must be safe too.
func elementCount(_ shape: [Int]) -> Int? {
    var nonzero = 1
    for length in shape {
        guard length >= 0 else { return nil }
        let (product, overflow) = nonzero.multipliedReportingOverflow(by: max(1, length))
        guard !overflow else { return nil }
        nonzero = product
    }
    return shape.contains(0) ? 0 : nonzero
}
