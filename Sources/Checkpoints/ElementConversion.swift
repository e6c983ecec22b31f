/// Stored elements to the types that the program works with.
enum ElementConversion {
    /// Converts to single precision; false where the type is not a number that this reads.
    static func convert(
        _ stored: UnsafeRawBufferPointer, _ type: ElementType,
        to result: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        switch type {
        case .float32: each(stored, Float.self, result) { $0 }
        case .float64: each(stored, Double.self, result) { Float($0) }
        case .bfloat16:
            each(stored, UInt16.self, result) { Float(bitPattern: UInt32($0) << 16) }
        case .float16: each(stored, UInt16.self, result, widenHalf)
        case .bool: each(stored, UInt8.self, result) { $0 == 0 ? 0 : 1 }
        case .uint8: each(stored, UInt8.self, result) { Float($0) }
        case .int8: each(stored, Int8.self, result) { Float($0) }
        case .int16: each(stored, Int16.self, result) { Float($0) }
        case .uint16: each(stored, UInt16.self, result) { Float($0) }
        case .int32: each(stored, Int32.self, result) { Float($0) }
        case .uint32: each(stored, UInt32.self, result) { Float($0) }
        case .int64: each(stored, Int64.self, result) { Float($0) }
        case .uint64: each(stored, UInt64.self, result) { Float($0) }
        case .float8E5M2: each(stored, UInt8.self, result) { widenHalf(UInt16($0) << 8) }
        case .float8E4M3: each(stored, UInt8.self, result, widenE4M3)
        case .complex64, .float8E8M0, .float6E2M3, .float6E3M2, .float4: return false
        }
        return true
    }

    /// Converts whole numbers to 64 bits; false where the type has fractions.
    ///
    /// Unsigned 64-bit numbers beyond the signed range keep their bits.
    static func convert(
        _ stored: UnsafeRawBufferPointer, _ type: ElementType,
        to result: UnsafeMutableBufferPointer<Int64>
    ) -> Bool {
        switch type {
        case .bool: each(stored, UInt8.self, result) { $0 == 0 ? 0 : 1 }
        case .uint8: each(stored, UInt8.self, result) { Int64($0) }
        case .int8: each(stored, Int8.self, result) { Int64($0) }
        case .int16: each(stored, Int16.self, result) { Int64($0) }
        case .uint16: each(stored, UInt16.self, result) { Int64($0) }
        case .int32: each(stored, Int32.self, result) { Int64($0) }
        case .uint32: each(stored, UInt32.self, result) { Int64($0) }
        case .int64: each(stored, Int64.self, result) { $0 }
        case .uint64: each(stored, UInt64.self, result) { Int64(truncatingIfNeeded: $0) }
        default: return false
        }
        return true
    }

    /// IEEE half to single precision by its bits: macOS on Intel has no `Float16`.
    static func widenHalf(_ half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10) & 0x1F
        let mantissa = UInt32(half & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(mantissa) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | mantissa << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13)
        }
    }

    /// Single precision to the nearest IEEE half, ties to even; beyond its range infinity.
    static func narrowToHalf(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = Swift.abs(value)
        guard magnitude == magnitude else { return sign | 0x7E00 }
        // 65520 lies half way between the largest half and the next power of two.
        guard magnitude < 65520 else { return sign | 0x7C00 }
        // Below the smallest normal half the steps are of one size.
        guard magnitude >= 0x1p-14 else {
            return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
        }
        let bits = magnitude.bitPattern
        let rounded = bits + 0xFFF + (bits >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded >> 13) - (112 << 10))
    }

    /// 8 bits with 4 of exponent (bias 7) to single precision; there are no infinities.
    static func widenE4M3(_ bits: UInt8) -> Float {
        let sign = UInt32(bits & 0x80) << 24
        let exponent = UInt32(bits >> 3) & 0xF
        let mantissa = UInt32(bits & 7)
        if bits & 0x7F == 0x7F { return .nan }
        if exponent == 0 { return Float(mantissa) * (sign == 0 ? 0x1p-9 : -0x1p-9) }
        return Float(bitPattern: sign | (exponent + 120) << 23 | mantissa << 20)
    }

    @inline(__always)
    private static func each<Source: BitwiseCopyable, Result>(
        _ stored: UnsafeRawBufferPointer, _: Source.Type,
        _ result: UnsafeMutableBufferPointer<Result>, _ convert: (Source) -> Result
    ) {
        for index in result.indices {
            let source = stored.loadUnaligned(
                fromByteOffset: index * MemoryLayout<Source>.stride, as: Source.self)
            result.initializeElement(at: index, to: convert(source))
        }
    }
}
