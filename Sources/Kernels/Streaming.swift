import CInstructionSet

/// Results that are written past the caches.
///
/// A store to a line that is in no cache fetches the line first, only to overwrite it: a third of the traffic of a pass
/// over a map, half of that of a product with few inputs. A result larger than the caches has left them before it is read.
package enum Streaming {
    /// The size from which on a result is written past the caches: 24 MB, about what the cores of a part of a processor
    /// share.
    static let smallestCount = 6_000_000

    /// Whether a result should be written past the caches.
    ///
    /// - Parameters:
    ///   - count: its floats.
    ///   - rowLength: floats from one row, where stores begin anew, to the next; `nil` where all is one row.
    static func suits(
        count: Int, _ result: UnsafePointer<Float>, rowLength: Int?
    ) -> Bool {
        count >= smallestCount && (rowLength ?? 0) % vectorWidth == 0
            && Int(bitPattern: result) % (vectorWidth * MemoryLayout<Float>.stride) == 0
    }

    /// The same for a pass over `sources`. What is replaced in place was just read into the caches, and stays there.
    package static func suits(
        count: Int, from sources: UnsafePointer<Float>..., into result: UnsafePointer<Float>,
        rowLength: Int?
    ) -> Bool {
        !sources.contains(result) && suits(count: count, result, rowLength: rowLength)
    }

    /// Whoever sees what this thread writes later sees what it wrote past the caches, too. The pool's tasks end so.
    @_transparent
    static func finish() { martlet_stream_fence() }

    private static let vectorWidth = 8
}

/// Stores eight floats; past the caches, if so, to an address that is a multiple of 32 bytes.
@_transparent
func store(_ value: Float8, _ pointer: UnsafeMutablePointer<Float>, streaming: Bool) {
    if streaming {
        martlet_stream(value, pointer)
    } else {
        store(value, pointer)
    }
}
