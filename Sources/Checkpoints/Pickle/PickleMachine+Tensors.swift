import FileAccess

extension PickleMachine {
    /// The storage that a persistent id names:
    /// `('storage', class, key, location, element count[, (view key, offset, count)])`.
    mutating func persistent(_ id: PickleValue) throws -> PickleValue {
        guard let parts = heap.elements(id) else {
            throw stream.malformed("a persistent id is \(id.kind), not a tuple")
        }
        // ('module', class, ...): the class of a module that was pickled whole.
        if parts.first?.string == "module", parts.count > 1 { return parts[1] }
        guard parts.count >= 5, parts[0].string == "storage", case .global(let type) = parts[1],
            let key = parts[2].string, let count = parts[4].int, count >= 0
        else { throw stream.malformed("a storage's description is damaged") }
        let name = heap.globals[type].name
        guard let layout = TorchStorage.layout(of: name) else {
            throw CheckpointError.unsupported(
                path: stream.file.path,
                problem: "storage '\(printable(key))' is of the unknown class "
                    + "\(printable(heap.globals[type].fullName)); save the tensors as float32")
        }
        let storage = TorchStorage(
            key: key, className: name, elementType: layout.elementType, width: layout.width,
            count: count)
        let index = try register(storage)
        guard parts.count > 5, let view = heap.elements(parts[5]) else {
            return heap.makeView(TorchStorageView(storage: index, offset: 0, count: count))
        }
        guard view.count == 3, let offset = view[1].int, let part = view[2].int, offset >= 0,
            part >= 0, offset <= count, part <= count - offset
        else {
            throw stream.malformed("a view of storage '\(printable(key))' reaches outside it")
        }
        return heap.makeView(TorchStorageView(storage: index, offset: offset, count: part))
    }

    private mutating func register(_ storage: TorchStorage) throws -> Int {
        if let index = storagesByKey[storage.key] {
            guard heap.storages[index] == storage else {
                throw stream.malformed(
                    "storage '\(printable(storage.key))' is described in two ways: "
                        + "\(heap.storages[index].count) elements of "
                        + "\(heap.storages[index].className), and \(storage.count) of "
                        + storage.className)
            }
            return index
        }
        heap.storages.append(storage)
        storagesByKey[storage.key] = heap.storages.count - 1
        return heap.storages.count - 1
    }

    /// A tensor from the arguments of one of PyTorch's rebuilders:
    /// `(storage, offset, shape, strides, requires gradient, hooks[, dtype][, metadata])`.
    mutating func tensor(_ function: String, _ values: [PickleValue]) throws -> PickleValue {
        guard values.count >= 4, case .storage(let view) = values[0],
            let offset = values[1].int, let shape = axes(values[2]), let strides = axes(values[3])
        else { throw stream.malformed("the arguments of \(function) are damaged") }
        var elementType: ElementType?
        if function.hasSuffix("_v3") {
            guard values.count >= 7, case .global(let dtype) = values[6] else {
                throw stream.malformed("the arguments of \(function) are damaged")
            }
            let name = heap.globals[dtype].fullName
            elementType = TorchStorage.elementType(dtype: name)
            guard elementType != nil else {
                throw CheckpointError.unsupported(
                    path: stream.file.path,
                    problem: "a tensor is of the type \(printable(name)), which is not read; save "
                        + "it as float32")
            }
        }
        heap.tensors.append(
            TorchTensor(
                view: heap.views[view], offset: offset, shape: shape, strides: strides,
                elementType: elementType))
        return .tensor(heap.tensors.count - 1)
    }

    /// A shape or strides; PyTorch's tensors have at most 64 axes.
    private func axes(_ value: PickleValue) -> [Int]? {
        guard let elements = heap.elements(value), elements.count <= 64 else { return nil }
        return heap.ints(value)
    }
}
