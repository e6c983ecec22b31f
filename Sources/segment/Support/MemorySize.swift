import ArgumentParser
import Foundation

/// The value of `--memory`: `4GB`, `800MB`, with powers of ten, or `4GiB`, with powers of two.
struct MemorySize {
    let bytes: Int

    private static let units: [(name: String, bytes: Double)] = [
        ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12), ("kib", 1_024), ("mib", 1_048_576),
        ("gib", 1_073_741_824), ("tib", 1_099_511_627_776),
    ]

    /// The size that a person typed.
    init(_ text: String) throws {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
        let factor = Self.units.first { $0.name == unit || $0.name == unit + "b" }?.bytes
        guard let factor, let value = Double(number), (1e6...1e15).contains(value * factor) else {
            throw ValidationError("it takes a size from 1MB on, for example 4GB or 800MB")
        }
        bytes = Int(value * factor)
    }

    /// Half of the memory that the machine has.
    static var halfOfMachine: Int { Int(ProcessInfo.processInfo.physicalMemory / 2) }
}
