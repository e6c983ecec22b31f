import CInstructionSet

/// Has `count` floats come into the second cache.
@_transparent
func callAhead(_ floats: UnsafePointer<Float>, count: Int) {
    for line in stride(from: 0, to: count, by: 16) { martlet_prefetch(floats + line) }
}
