import Checkpoints
import Foundation
import Models
import TestSupport
import Testing

/// Every case of the reference folder that these models can run, where it lies beside the package, and
/// every case below the folder that `MARTLET_CASES` names.
@Suite(.serialized) struct SharedReferenceTests {
    static let modules = all.filter { ModuleCases.knows($0.config["module"]?.string ?? "") }
        .map(\.path)

    static let protocols = all.filter { isVideo($0.config) && $0.config["task"] != nil }.map(\.path)

    static let models = all.filter { isVideo($0.config) && $0.config["task"] == nil }.map(\.path)

    @Test(arguments: modules)
    func module(path: String) throws {
        try ReferenceVerification.verifyModule(path)
    }

    @Test(arguments: models)
    func model(path: String) throws {
        try ReferenceVerification.verifyModel(path)
    }

    static let seqFormers = all.filter { $0.config["model"]?.string == "seqformer" }.map(\.path)

    @Test(arguments: seqFormers)
    func seqFormer(path: String) throws {
        try SeqFormerCase(path: path).verifyStages()
    }

    @Test(arguments: protocols)
    func protocolCase(path: String) throws {
        let protocolCase = try ProtocolCase(path: path)
        if try protocolCase.model.classes == 1 {
            try protocolCase.verifyForeground(windowCount: 3)
        } else {
            try protocolCase.verifyLabels()
        }
    }

    /// All cases with tensors, and their configurations.
    private static let all: [(path: String, config: JSONValue)] = {
        var folders: [String] = []
        for known in ["medvt/avos-swinb", "seqformer/r50_t3"] {
            guard let path = ReferenceFolder.path(known) else { continue }
            folders.append(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        }
        if let more = ProcessInfo.processInfo.environment["MARTLET_CASES"] { folders.append(more) }
        return folders.flatMap { [$0, "\($0)/modules"] }.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().map { "\(folder)/\($0)" }
        }.compactMap { path in
            guard FileManager.default.fileExists(atPath: "\(path)/tensors.safetensors"),
                let config = try? JSONValue(contentsOf: "\(path)/case.json")["config"]
            else { return nil }
            return (path, config)
        }
    }()

    private static func isVideo(_ config: JSONValue) -> Bool {
        config["model"]?.string == "medvt"
            && ["swinB", "resnet101"].contains(config["backbone"]?.string)
    }
}
