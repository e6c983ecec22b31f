/// The bytes of a number, little-endian.
func little(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
}

/// The bytes of single-precision numbers.
func floatBytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { little(UInt64($0.bitPattern), 4) }
}

/// A safetensors file with this header text and data.
func safetensors(_ header: String, data: Int = 0) -> [UInt8] {
    safetensors(header: Array(header.utf8), data: [UInt8](repeating: 1, count: data))
}

func safetensors(header: [UInt8], data: [UInt8]) -> [UInt8] {
    little(UInt64(header.count), 8) + header + data
}
