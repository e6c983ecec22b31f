import FileAccess

extension PickleMachine {
    /// A class or function by its name.
    mutating func global(module: String, name: String) throws -> PickleValue {
        let global = PickleGlobal(module: module, name: name)
        guard !global.isHostile else {
            throw CheckpointError.refused(
                path: stream.file.path,
                problem: "its pickle names \(printable(global.fullName)), which is a way to run "
                    + "commands and no part of a checkpoint")
        }
        heap.globals.append(global)
        return .global(heap.globals.count - 1)
    }

    /// What a call would give: tensors and ordered dictionaries are made, all else stays inert.
    mutating func reduce(_ callable: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
        guard case .tuple(let index) = arguments else {
            throw stream.malformed("a call's arguments are \(arguments.kind), not a tuple")
        }
        let values = heap.tuples[index]
        switch callable {
        case .global(let index):
            let global = heap.globals[index]
            return try made(by: global.fullName, values) ?? heap.makeObject(global.fullName)
        case .object(let index): return heap.makeObject(heap.objects[index].name)
        default: throw stream.malformed("\(callable.kind) is called like a function")
        }
    }

    private mutating func made(
        by function: String, _ values: [PickleValue]
    ) throws -> PickleValue? {
        switch function {
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_tensor_v3":
            return try tensor(function, values)
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            guard let data = values.first else {
                throw stream.malformed("a parameter has no tensor")
            }
            return data
        case "torch._tensor._rebuild_from_type_v2":
            // A tensor's subclass: (rebuilder, class, its arguments, state).
            guard values.count == 4, case .global(let rebuilder) = values[0],
                let arguments = heap.elements(values[2])
            else { return nil }
            let name = heap.globals[rebuilder].fullName
            return name == function ? nil : try made(by: name, arguments)
        case "torch.Size":
            return values.first.flatMap { heap.elements($0) }.map { heap.makeTuple($0) }
        case "collections.OrderedDict", "builtins.dict", "__builtin__.dict":
            return try orderedDictionary(values)
        default: return nil
        }
    }

    private mutating func orderedDictionary(_ values: [PickleValue]) throws -> PickleValue {
        let result = heap.makeDictionary()
        guard case .dictionary(let index) = result, let first = values.first else { return result }
        if case .dictionary(let source) = first {
            try charge(heap.dictionaries[source].count)
            heap.dictionaries[index] = heap.dictionaries[source]
            return result
        }
        let items = heap.elements(first) ?? []
        try charge(items.count)
        for item in items {
            guard let pair = heap.elements(item), pair.count == 2 else {
                throw stream.malformed("an ordered dictionary's item is no pair")
            }
            heap.dictionaries[index].append((pair[0], pair[1]))
        }
        return result
    }

    /// An instance of a class: a dictionary for those of Python, else an inert object.
    mutating func instance(of type: PickleValue) throws -> PickleValue {
        switch type {
        case .global(let index):
            let name = heap.globals[index].fullName
            return name == "collections.OrderedDict"
                ? heap.makeDictionary() : heap.makeObject(name)
        case .object(let index): return heap.makeObject(heap.objects[index].name)
        default: throw stream.malformed("\(type.kind) is used as a class")
        }
    }

    /// Attributes of an object are kept; those of dictionaries (`_metadata`) and tensors are not needed.
    mutating func build(_ target: PickleValue, _ state: PickleValue) throws {
        switch target {
        case .object(let index): heap.objects[index].state = state
        case .dictionary, .tensor: break
        default: throw stream.malformed("attributes are set on \(target.kind)")
        }
    }
}
