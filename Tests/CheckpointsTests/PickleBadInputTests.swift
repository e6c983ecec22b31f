import Checkpoints
import Testing

/// Hostile pickle programs, each in both containers.
@Suite struct PickleBadInputTests {
    struct Program: CustomTestStringConvertible, Sendable {
        let what: String
        let names: String
        let bytes: [UInt8]
        var testDescription: String { what }

        /// `build` gets a program that has an empty dictionary on its stack.
        init(_ what: String, names: String, _ build: (inout PickleBuilder) -> Void) {
            self.what = what
            self.names = names
            bytes = PickleBuilder.dictionary(build)
        }
    }

    static func call(_ module: String, _ name: String, _ builder: inout PickleBuilder) {
        builder.text("x")
        builder.global(module, name)
        builder.text("touch /tmp/owned")
        builder.op("\u{85}")
        builder.op("R")
        builder.op("s")
    }

    static let calls: [Program] = [
        ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"),
        ("builtins", "eval"), ("__builtin__", "exec"), ("builtins", "__import__"),
        ("importlib", "import_module"), ("runpy", "run_path"), ("sys", "exit"),
        ("os.path", "join"), ("shutil", "rmtree"), ("ctypes", "CDLL"),
    ].map { module, name in
        Program("\(module).\(name)", names: "its pickle names \(module).\(name)") {
            call(module, name, &$0)
        }
    }

    static let machine: [Program] = [
        Program("unknown opcode", names: "0xff is no opcode") { $0.op("\u{FF}") },
        Program("persistent text id", names: "opcode 0x50") { $0.op("P", Array("1\n".utf8)) },
        Program("extension", names: "opcode 0x82") { $0.op("\u{82}", [1]) },
        Program("outside buffer", names: "opcode 0x97") { $0.op("\u{97}") },
        Program("protocol 9", names: "protocol 9 is unknown") { $0.op("\u{80}", [9]) },
        Program("empty stack", names: "an empty stack") {
            $0.op("0")
            $0.op("0")
        },
        Program("no mark", names: "no mark") { $0.op("t") },
        Program("pop below a mark", names: "an empty stack") {
            $0.op("(")
            $0.op("R")
        },
        Program("unset memo", names: "memo 7 was never set") { $0.op("h", [7]) },
        Program("memo that is no number", names: "a memo index is no number") {
            $0.op("g", Array("x\n".utf8))
        },
        Program("key without value", names: "a key has no value") {
            $0.op("(")
            $0.text("x")
            $0.op("u")
        },
        Program("SETITEM on a list", names: "items are set in a list") {
            $0.op("]")
            $0.text("x")
            $0.text("y")
            $0.op("s")
        },
        Program("SETITEM on a tensor", names: "items are set in a tensor") {
            $0.tensor("0", count: 4, shape: [4], strides: [1])
            $0.int(0)
            $0.int(1)
            $0.op("s")
        },
        Program("APPEND to a dictionary", names: "elements are appended to a dictionary") {
            $0.text("x")
            $0.op("a")
        },
        Program("ADDITEMS to a list", names: "elements are added to a list") {
            $0.op("]")
            $0.op("(")
            $0.op("\u{90}")
        },
        Program("BUILD on a string", names: "attributes are set on a string") {
            $0.text("x")
            $0.op("}")
            $0.op("b")
        },
        Program("call of a string", names: "a string is called like a function") {
            $0.text("os.system")
            $0.text("x")
            $0.op("\u{85}")
            $0.op("R")
        },
        Program("arguments that are no tuple", names: "arguments are a string") {
            $0.global("collections", "OrderedDict")
            $0.text("x")
            $0.op("R")
        },
        Program("class that is a number", names: "a whole number is used as a class") {
            $0.int(3)
            $0.op(")")
            $0.op("\u{81}")
        },
        Program("string longer than the file", names: "ends too early") {
            $0.op("X", little(0xFFFF_FFFF, 4))
        },
        Program("string of 2^64 - 1 bytes", names: "ends too early") {
            $0.op("\u{8D}", little(.max, 8))
        },
        Program("string that is not UTF-8", names: "not UTF-8") {
            $0.op("X", little(2, 4) + [0xFF, 0xFE])
        },
        Program("storage id of numbers", names: "a storage's description is damaged") {
            $0.ints([1, 2, 3, 4, 5])
            $0.op("Q")
        },
        Program("storage id that is a string", names: "a persistent id is a string") {
            $0.text("storage")
            $0.op("Q")
        },
        Program("storage of a negative count", names: "a storage's description is damaged") {
            $0.storage("0", count: -4)
        },
        Program("view outside its storage", names: "a view of storage '0' reaches outside") {
            $0.storage("0", count: 4, legacyView: [2, 3])
        },
        Program("one storage described twice", names: "storage '0' is described in two ways") {
            $0.storage("0", count: 4)
            $0.storage("0", "DoubleStorage", count: 2)
        },
        Program("tensor without a storage", names: "_rebuild_tensor_v2 are damaged") {
            $0.global("torch._utils", "_rebuild_tensor_v2")
            $0.ints([1, 2, 3, 4, 5, 6])
            $0.op("R")
        },
        Program("tensor of 65 axes", names: "_rebuild_tensor_v2 are damaged") {
            $0.tensor(
                "0", count: 4, shape: [Int](repeating: 1, count: 65),
                strides: [Int](repeating: 1, count: 65))
        },
    ]

    static let contents: [Program] = [
        Program("nothing", names: "a dictionary without a dictionary of named tensors") { _ in },
        Program("a whole module", names: "an object of the class __main__.Model") {
            $0.text("model")
            $0.global("__main__", "Model")
            $0.op(")")
            $0.op("\u{81}")
            $0.op("s")
        },
        Program("an unknown function in place of tensors", names: "the class my_lib.make_weights") {
            $0.text("state_dict")
            $0.global("my_lib", "make_weights")
            $0.op(")")
            $0.op("R")
            $0.op("s")
        },
        Program(
            "a tensor by an unread rebuilder",
            names: "tensor 'q' is made by torch._utils._rebuild_qtensor"
        ) {
            $0.text("w")
            $0.tensor("0", count: 4, shape: [4], strides: [1])
            $0.op("s")
            $0.text("q")
            $0.global("torch._utils", "_rebuild_qtensor")
            $0.op(")")
            $0.op("R")
            $0.op("s")
        },
        Program("two dictionaries of tensors", names: "several dictionaries of tensors (a, b)") {
            for name in ["a", "b"] {
                $0.text(name)
                $0.op("}")
                $0.text("w")
                $0.tensor("0", count: 4, shape: [4], strides: [1])
                $0.op("s")
                $0.op("s")
            }
        },
    ]

    /// Short programs whose naive reading would take all memory or time.
    static let bombs: [Program] = [
        Program("a dictionary copied again and again", names: "takes more than 4000000 steps") {
            $0.op("}")
            $0.op("(")
            for index in 0..<1000 {
                $0.int(index)
                $0.op("N")
            }
            $0.op("u")
            $0.op("q", [1])
            for _ in 0..<10_000 {
                $0.global("collections", "OrderedDict")
                $0.op("h", [1])
                $0.op("\u{85}")
                $0.op("R")
            }
        },
        Program("tuples doubled sixty times", names: "without a dictionary of named tensors") {
            $0.text("lol")
            for _ in 0..<60 {
                $0.op("2")
                $0.op("\u{86}")
            }
            $0.text("model")
            $0.op("s")
        },
        Program(
            "dictionaries that share one another", names: "without a dictionary of named tensors"
        ) {
            $0.op("}")
            for level in 0..<7 {
                $0.op("q", [UInt8(level)])
                $0.op("0")
                $0.op("}")
                for key in ["model", "state_dict", "net", "network", "weights", "params", "ema"] {
                    $0.text(key)
                    $0.op("h", [UInt8(level)])
                    $0.op("s")
                }
            }
            $0.op("q", [20])
            $0.op("0")
            $0.text("model")
            $0.op("h", [20])
            $0.op("s")
        },
        Program("lists nested a hundred thousand deep", names: "without a dictionary") {
            $0.text("x")
            for _ in 0..<100_000 { $0.op("]") }
            for _ in 0..<99_999 { $0.op("a") }
            $0.op("s")
        },
        Program("tuples nested a hundred thousand deep", names: "without a dictionary") {
            $0.text("x")
            $0.op(")")
            for _ in 0..<100_000 { $0.op("\u{85}") }
            $0.op("s")
        },
        Program("a dictionary that holds itself", names: "without a dictionary of named tensors") {
            $0.op("q", [0])
            $0.text("model")
            $0.op("h", [0])
            $0.op("s")
        },
    ]

    @Test(arguments: calls + machine + contents + bombs)
    func isRefused(program: Program) throws {
        try BadInput("zip", TorchBuilder.zip(program.bytes).build(), names: program.names)
            .expectRefusal(as: "bad.pth")
        let hasStorage = String(decoding: program.bytes, as: UTF8.self).contains("Storage")
        let legacy =
            hasStorage
            ? TorchBuilder.legacy(program.bytes)
            : TorchBuilder.legacy(program.bytes, storages: [])
        try BadInput("legacy", legacy, names: program.names).expectRefusal(as: "bad.pth")
    }
}
