/// A value that a pickle program makes: plain data, or the index of a node in the `PickleHeap`.
///
/// Nodes are indices, not references, so that neither cycles nor very deep nesting can leak memory or
/// overflow the stack when they are released.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    /// A whole number of more than 64 bits, little-endian two's complement.
    case long([UInt8])
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(Int)
    case object(Int)
    case storage(Int)
    case tensor(Int)

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a truth value"
        case .int, .long: "a whole number"
        case .float: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global: "a class or function"
        case .object: "an object"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }

    var int: Int? { if case .int(let value) = self { value } else { nil } }
    var string: String? { if case .string(let value) = self { value } else { nil } }
}

/// An instance of a class that this program does not know: kept as inert data.
struct PickleObject {
    /// The full name of its class, or of the function that would have made it.
    let name: String
    /// What its attributes would have been set from.
    var state: PickleValue?
}

/// The nodes that `PickleValue` refers to.
struct PickleHeap {
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var globals: [PickleGlobal] = []
    var objects: [PickleObject] = []
    var storages: [TorchStorage] = []
    var views: [TorchStorageView] = []
    var tensors: [TorchTensor] = []

    mutating func makeTuple(_ elements: [PickleValue]) -> PickleValue {
        tuples.append(elements)
        return .tuple(tuples.count - 1)
    }

    mutating func makeList(_ elements: [PickleValue] = []) -> PickleValue {
        lists.append(elements)
        return .list(lists.count - 1)
    }

    mutating func makeDictionary() -> PickleValue {
        dictionaries.append([])
        return .dictionary(dictionaries.count - 1)
    }

    mutating func makeObject(_ name: String) -> PickleValue {
        objects.append(PickleObject(name: name, state: nil))
        return .object(objects.count - 1)
    }

    mutating func makeView(_ view: TorchStorageView) -> PickleValue {
        views.append(view)
        return .storage(views.count - 1)
    }

    /// The elements of a tuple or a list.
    func elements(_ value: PickleValue) -> [PickleValue]? {
        switch value {
        case .tuple(let index): tuples[index]
        case .list(let index): lists[index]
        default: nil
        }
    }

    /// The items of a dictionary whose keys are strings; of equal keys the last counts, in the place of
    /// the first, as in Python.
    func namedItems(_ value: PickleValue) -> [(name: String, value: PickleValue)]? {
        guard case .dictionary(let index) = value else { return nil }
        var places: [String: Int] = [:]
        var items: [(name: String, value: PickleValue)] = []
        for (key, value) in dictionaries[index] {
            guard let name = key.string else { continue }
            if let place = places[name] {
                items[place].value = value
            } else {
                places[name] = items.count
                items.append((name, value))
            }
        }
        return items
    }

    /// Whole numbers in a tuple or a list.
    func ints(_ value: PickleValue) -> [Int]? {
        guard let elements = elements(value) else { return nil }
        let ints = elements.compactMap(\.int)
        return ints.count == elements.count ? ints : nil
    }
}
