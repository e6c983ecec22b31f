extension PickleMachine {
    /// Performs one opcode. Its arguments follow in the stream.
    mutating func perform(_ code: UInt8) throws {
        if try performScalar(code) || performContainer(code) || performStack(code) { return }
        switch Unicode.Scalar(code) {
        case "c":  // GLOBAL
            let module = try stream.line()
            push(try global(module: module, name: try stream.line()))
        case "\u{93}":  // STACK_GLOBAL
            guard let name = try pop().string, let module = try pop().string else {
                throw stream.malformed("the name of a class is no string")
            }
            push(try global(module: module, name: name))
        case "Q":  // BINPERSID
            push(try persistent(try pop()))
        case "R":  // REDUCE
            let arguments = try pop()
            push(try reduce(try pop(), arguments))
        case "\u{81}":  // NEWOBJ
            _ = try pop()
            push(try instance(of: try pop()))
        case "\u{92}":  // NEWOBJ_EX
            _ = try pop()
            _ = try pop()
            push(try instance(of: try pop()))
        case "i":  // INST
            _ = try popToMark()
            let module = try stream.line()
            push(try instance(of: try global(module: module, name: try stream.line())))
        case "o":  // OBJ
            guard let type = try popToMark().first else {
                throw stream.malformed("an object has no class")
            }
            push(try instance(of: type))
        case "b":  // BUILD
            let state = try pop()
            try build(try top(), state)
        case "P", "\u{82}", "\u{83}", "\u{84}", "\u{97}", "\u{98}":
            throw CheckpointError.unsupported(
                path: stream.file.path,
                problem:
                    "its pickle uses opcode 0x\(String(code, radix: 16)) (persistent text ids, "
                    + "extensions or outside buffers), which PyTorch never writes")
        default:
            throw stream.malformed("0x\(String(code, radix: 16)) is no opcode")
        }
    }

    private mutating func performStack(_ code: UInt8) throws -> Bool {
        switch Unicode.Scalar(code) {
        case "\u{80}":  // PROTO
            let version = try stream.byte()
            guard version <= 5 else {
                throw stream.malformed("the pickle protocol \(version) is unknown")
            }
        case "\u{95}": _ = try stream.bytes(8)  // FRAME
        case "(": mark()
        case "0":  // POP
            if !poppedMark() { _ = try pop() }
        case "1": _ = try popToMark()  // POP_MARK
        case "2": push(try top())  // DUP
        case "p":  // PUT
            guard let index = UInt64(try stream.line()) else {
                throw stream.malformed("a memo index is no number")
            }
            try remember(index)
        case "q": try remember(try stream.integer(1))  // BINPUT
        case "r": try remember(try stream.integer(4))  // LONG_BINPUT
        case "\u{94}": try memoize()  // MEMOIZE
        case "g":  // GET
            guard let index = UInt64(try stream.line()) else {
                throw stream.malformed("a memo index is no number")
            }
            push(try recall(index))
        case "h": push(try recall(try stream.integer(1)))  // BINGET
        case "j": push(try recall(try stream.integer(4)))  // LONG_BINGET
        default: return false
        }
        return true
    }

    private mutating func performScalar(_ code: UInt8) throws -> Bool {
        switch Unicode.Scalar(code) {
        case "N": push(.none)
        case "\u{88}": push(.bool(true))
        case "\u{89}": push(.bool(false))
        case "J":  // BININT
            push(.int(Int(Int32(truncatingIfNeeded: try stream.integer(4)))))
        case "K": push(.int(Int(try stream.byte())))  // BININT1
        case "M": push(.int(Int(try stream.integer(2))))  // BININT2
        case "I", "L":  // INT, LONG
            push(try decimal(try stream.line()))
        case "\u{8A}":  // LONG1
            push(Self.integer(try stream.bytes(try stream.count(1))))
        case "\u{8B}":  // LONG4
            push(Self.integer(try stream.bytes(try stream.count(4))))
        case "F":  // FLOAT
            guard let value = Double(try stream.line()) else {
                throw stream.malformed("a number cannot be read")
            }
            push(.float(value))
        case "G":  // BINFLOAT, big-endian
            push(.float(Double(bitPattern: try stream.integer(8).byteSwapped)))
        case "V", "S": push(.string(try stream.line()))  // UNICODE, STRING
        case "X": try pushText(countWidth: 4)  // BINUNICODE
        case "\u{8C}": try pushText(countWidth: 1)  // SHORT_BINUNICODE
        case "\u{8D}": try pushText(countWidth: 8)  // BINUNICODE8
        case "T", "B": push(.bytes(try stream.bytes(try stream.count(4))))  // BINSTRING, BINBYTES
        case "U", "C": push(.bytes(try stream.bytes(try stream.count(1))))  // their short forms
        case "\u{8E}", "\u{96}":  // BINBYTES8, BYTEARRAY8
            push(.bytes(try stream.bytes(try stream.count(8))))
        default: return false
        }
        return true
    }

    private mutating func performContainer(_ code: UInt8) throws -> Bool {
        switch Unicode.Scalar(code) {
        case ")": push(heap.makeTuple([]))
        case "t": push(heap.makeTuple(try popToMark()))
        case "\u{85}": try pushTuple(1)
        case "\u{86}": try pushTuple(2)
        case "\u{87}": try pushTuple(3)
        case "]": push(heap.makeList())
        case "l": push(heap.makeList(try popToMark()))
        case "a": try append([try pop()])
        case "e": try append(try popToMark())
        case "}": push(heap.makeDictionary())
        case "d":  // DICT
            let values = try popToMark()
            push(heap.makeDictionary())
            try set(values)
        case "s":  // SETITEM
            let value = try pop()
            try set([try pop(), value])
        case "u": try set(try popToMark())  // SETITEMS
        case "\u{8F}": push(heap.makeObject("builtins.set"))  // EMPTY_SET
        case "\u{90}":  // ADDITEMS
            _ = try popToMark()
            guard case .object = try top() else {
                throw stream.malformed("elements are added to \(try top().kind), not to a set")
            }
        case "\u{91}":  // FROZENSET
            _ = try popToMark()
            push(heap.makeObject("builtins.frozenset"))
        default: return false
        }
        return true
    }

    private mutating func pushText(countWidth: Int) throws {
        push(.string(try stream.text(try stream.bytes(try stream.count(countWidth)))))
    }

    private mutating func pushTuple(_ count: Int) throws {
        var elements: [PickleValue] = []
        for _ in 0..<count { elements.append(try pop()) }
        push(heap.makeTuple(elements.reversed()))
    }

    private mutating func append(_ values: [PickleValue]) throws {
        switch try top() {
        case .list(let index): heap.lists[index].append(contentsOf: values)
        case .object: break  // a queue or a list's subclass: inert
        case let other: throw stream.malformed("elements are appended to \(other.kind)")
        }
    }

    private mutating func set(_ values: [PickleValue]) throws {
        guard values.count % 2 == 0 else { throw stream.malformed("a key has no value") }
        switch try top() {
        case .dictionary(let index):
            for position in stride(from: 0, to: values.count, by: 2) {
                heap.dictionaries[index].append((values[position], values[position + 1]))
            }
        case .object: break  // a dictionary's subclass: inert
        case let other: throw stream.malformed("items are set in \(other.kind)")
        }
    }

    private func decimal(_ line: String) throws -> PickleValue {
        if line == "00" { return .bool(false) }
        if line == "01" { return .bool(true) }
        let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
        if let value = Int(digits) { return .int(value) }
        guard digits.allSatisfy({ $0.isNumber || $0 == "-" }) else {
            throw stream.malformed("a whole number cannot be read")
        }
        return .long(Array(digits.utf8))
    }

    private static func integer(_ bytes: [UInt8]) -> PickleValue {
        guard bytes.count <= 8 else { return .long(bytes) }
        let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
        var value = isNegative ? -1 : 0
        for byte in bytes.reversed() { value = value << 8 | Int(byte) }
        return .int(value)
    }
}
