import Checkpoints
import Foundation
import Testing

@Suite struct ElementConversionTests {
    private func read(_ type: String, _ width: Int, _ values: [UInt64]) throws -> any WeightSource {
        let folder = try TemporaryFolder()
        let data = values.flatMap { little($0, width) }
        let header =
            "{\"x\":{\"dtype\":\"\(type)\",\"shape\":[\(values.count)],"
            + "\"data_offsets\":[0,\(data.count)]}}"
        // The open file outlives its folder.
        return try SafetensorsFile(
            path: try folder.write(safetensors(header: Array(header.utf8), data: data), as: "x"))
    }

    /// Every half-precision number, against the arithmetic of its definition.
    @Test func allHalves() throws {
        let halves = try read("F16", 2, (0..<65536).map(UInt64.init)).floats("x").scalars
        for (bits, value) in halves.enumerated() {
            let exponent = bits >> 10 & 31
            let mantissa = Double(bits & 1023)
            let sign: Double = bits >> 15 == 0 ? 1 : -1
            let expected: Double =
                switch exponent {
                case 0: sign * mantissa * 0x1p-24
                case 31: mantissa == 0 ? sign * .infinity : .nan
                default: sign * (1 + mantissa / 1024) * pow(2, Double(exponent - 15))
                }
            #expect(value.isNaN ? expected.isNaN : value == Float(expected), "bits \(bits)")
            if !value.isNaN { #expect(value.sign == (bits >> 15 == 0 ? .plus : .minus)) }
        }
    }

    @Test func allEightBitFloats() throws {
        let wide = try read("F8_E4M3", 1, (0..<256).map(UInt64.init)).floats("x").scalars
        let steep = try read("F8_E5M2", 1, (0..<256).map(UInt64.init)).floats("x").scalars
        for bits in 0..<256 {
            let sign: Double = bits < 128 ? 1 : -1
            let e4 = bits >> 3 & 15
            let m3 = Double(bits & 7)
            let expected4: Double =
                bits & 127 == 127
                ? .nan
                : e4 == 0 ? sign * m3 * 0x1p-9 : sign * (1 + m3 / 8) * pow(2, Double(e4 - 7))
            #expect(wide[bits].isNaN ? expected4.isNaN : wide[bits] == Float(expected4), "\(bits)")
            let e5 = bits >> 2 & 31
            let m2 = Double(bits & 3)
            let expected5: Double =
                e5 == 31
                ? (m2 == 0 ? sign * .infinity : .nan)
                : e5 == 0 ? sign * m2 * 0x1p-16 : sign * (1 + m2 / 4) * pow(2, Double(e5 - 15))
            #expect(
                steep[bits].isNaN ? expected5.isNaN : steep[bits] == Float(expected5), "\(bits)")
        }
    }

    @Test func otherTypes() throws {
        #expect(
            try read("BF16", 2, [0x3FC0, 0xFF80, 0x0001]).floats("x").scalars
                == [1.5, -.infinity, Float(bitPattern: 0x10000)])
        #expect(
            try read("F64", 8, [Double(0.1).bitPattern, Double(1e300).bitPattern]).floats("x")
                .scalars == [0.1, .infinity])
        #expect(try read("I16", 2, [0xFFFF, 3]).integers("x").scalars == [-1, 3])
        #expect(try read("U16", 2, [0xFFFF]).floats("x").scalars == [65535])
        #expect(try read("I8", 1, [0x80]).integers("x").scalars == [-128])
        #expect(try read("I32", 4, [0xFFFF_FFFE]).floats("x").scalars == [-2])
        #expect(try read("U32", 4, [0xFFFF_FFFE]).integers("x").scalars == [4_294_967_294])
        #expect(try read("BOOL", 1, [0, 1, 255]).integers("x").scalars == [0, 1, 1])
        let special = try read(
            "F32", 4, [UInt64(Float.nan.bitPattern), UInt64(Float.infinity.bitPattern)])
        #expect(try special.floats("x").scalars[0].isNaN)
        #expect(try special.floats("x").scalars[1] == .infinity)
    }

    @Test func whatIsNotReadIsNamed() throws {
        let complex = try read("C64", 8, [0])
        let error = #expect(throws: CheckpointError.self) { try complex.floats("x") }
        #expect(error?.description.contains("tensor 'x' is stored as C64") ?? false)
        let float = try read("F32", 4, [0])
        let error2 = #expect(throws: CheckpointError.self) { try float.integers("x") }
        #expect(error2?.description.contains("cannot be read as integers") ?? false)
    }
}
