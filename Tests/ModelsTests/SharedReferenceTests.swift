import Checkpoints
import Foundation
import Models
import TestSupport
import Testing

/// Every case of the reference folder that these models can run, where it lies beside the package, and
/// every case below the folder that `MARTLET_CASES` names.
@Suite(.serialized) struct SharedReferenceTests {
    static let modules =
        (ReferenceFolder.path("medvt/modules").map(cases(in:)) ?? []) + cases(below: "modules")

    static let models =
        [
            "avos-swinb", "avos-swinb-train", "avos-swinb-2023", "avos-resnet101", "a2d-swinb",
            "a2d-swinb-padded",
        ].compactMap { ReferenceFolder.path("medvt/\($0)") } + cases(below: "")

    @Test(arguments: modules)
    func module(path: String) throws {
        try ReferenceVerification.verifyModule(path)
    }

    @Test(arguments: models)
    func model(path: String) throws {
        try ReferenceVerification.verifyModel(path)
    }

    @Test(arguments: ["medvt/protocol-davis-swinb"].compactMap { ReferenceFolder.path($0) })
    func davisProtocol(path: String) throws {
        try ReferenceVerification.verifyDAVISProtocol(path, windowCount: 3)
    }

    /// The runnable cases of a folder below `MARTLET_CASES`.
    private static func cases(below folder: String) -> [String] {
        guard let root = ProcessInfo.processInfo.environment["MARTLET_CASES"] else { return [] }
        return cases(in: "\(root)/\(folder)")
    }

    /// The runnable cases of a folder.
    private static func cases(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().map { "\(path)/\($0)" }.filter { path in
            guard let config = try? JSONValue(contentsOf: "\(path)/case.json")["config"],
                FileManager.default.fileExists(atPath: "\(path)/tensors.safetensors")
            else { return false }
            let isVideo =
                config["model"]?.string == "medvt" && config["task"] == nil
                && ["swinB", "resnet101"].contains(config["backbone"]?.string)
            return isVideo || ModuleCases.knows(config["module"]?.string ?? "")
        }
    }
}
