/// The vertices of a lattice in the order in which they were first met, and where each one is.
struct PermutohedralTable {
    /// All vertices. The number of one is its place here.
    private(set) var vertices: [PermutohedralVertex] = []
    /// Numbers of vertices, -1 where none is: a power of two of them, at least twice as many as vertices.
    private var slots: [Int32]
    private var mask: Int

    init(capacity: Int) {
        var count = 1024
        while count < 2 * capacity { count *= 2 }
        slots = [Int32](repeating: -1, count: count)
        mask = count - 1
        vertices.reserveCapacity(capacity)
    }

    /// The number of a vertex, a new one where it was not met before.
    mutating func insert(_ vertex: PermutohedralVertex) -> Int32 {
        var slot = vertex.hash & mask
        while slots[slot] >= 0 {
            if vertices[Int(slots[slot])] == vertex { return slots[slot] }
            slot = (slot &+ 1) & mask
        }
        let number = Int32(truncatingIfNeeded: vertices.count)
        vertices.append(vertex)
        slots[slot] = number
        if 2 &* vertices.count > slots.count { grow() }
        return number
    }

    /// The number of a vertex, or -1.
    func number(of vertex: PermutohedralVertex) -> Int32 {
        var slot = vertex.hash & mask
        while slots[slot] >= 0 {
            if vertices[Int(slots[slot])] == vertex { return slots[slot] }
            slot = (slot &+ 1) & mask
        }
        return -1
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 2 * slots.count)
        mask = slots.count - 1
        for (number, vertex) in vertices.enumerated() {
            var slot = vertex.hash & mask
            while slots[slot] >= 0 { slot = (slot &+ 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: number)
        }
    }
}
