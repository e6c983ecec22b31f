/// The name of a class or function in a pickle. It is only ever compared, never looked up.
struct PickleGlobal {
    let module: String
    let name: String

    var fullName: String { "\(module).\(name)" }

    /// Whether a file that names this can only want to run commands: it is refused as a whole.
    ///
    /// Other unknown names are harmless here, since nothing is ever called; they stand for classes of
    /// training code and become inert objects.
    var isHostile: Bool {
        if Self.builtins.contains(module) { return !Self.harmlessBuiltins.contains(name) }
        let package = module.split(separator: ".").first.map(String.init) ?? module
        return Self.hostilePackages.contains(package)
    }

    private static let builtins: Set = ["builtins", "__builtin__"]

    private static let harmlessBuiltins: Set = [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "getattr", "int",
        "list", "long", "object", "range", "set", "slice", "str", "tuple", "type", "unicode",
        "xrange",
    ]

    private static let hostilePackages: Set = [
        "asyncio", "bdb", "cffi", "code", "codeop", "commands", "ctypes", "distutils", "ensurepip",
        "ftplib", "http", "httplib", "idlelib", "imp", "importlib", "marshal", "nt", "os", "pdb",
        "pip", "pkg_resources", "platform", "popen2", "posix", "posixpath", "profile", "pty",
        "requests", "runpy", "setuptools", "shutil", "signal", "site", "smtplib", "socket",
        "subprocess", "sys", "tempfile", "timeit", "urllib", "urllib2", "venv", "webbrowser",
        "xmlrpc", "zipimport",
    ]
}
