import FileAccess
import Foundation

/// What a folder of outputs was made with: a later run must not add others to them.
struct RunRecord: Codable, Equatable {
    private let dataset: String
    private let split: String
    private let model: String
    private let weights: String
    private let options: [String: String]

    init(_ command: RunCommand, _ dataSet: DataSet, _ split: String, model: String) {
        dataset = dataSet.name
        self.split = split
        self.model = model
        weights = command.modelOptions.weights.map(FilePath.name) ?? "made up"
        let (inference, objects) = (command.inferenceOptions, command.objectOptions)
        let values: [String: String?] = [
            "config": command.modelOptions.recipeOptions.config.map(FilePath.name),
            "size": inference.size?.description,
            "protocol": inference.windows.rawValue,
            "frame-stride": inference.frameStride.map(String.init),
            "scales": inference.scales.map { "\($0.factors)" },
            "flip": inference.flip ? "yes" : nil, "crf": inference.crf ? "yes" : nil,
            "threshold": "\(inference.threshold)",
            "top-k": objects.topK.map(String.init), "score": objects.score.map { "\($0)" },
            "classes": objects.classes, "clip-length": objects.clipLength.map(String.init),
            "clip-stride": objects.clipStride.map(String.init),
        ]
        options = values.compactMapValues { $0 }
    }

    /// Writes the record into `folder`, or checks that the one there is the same.
    func agree(in folder: String, force: Bool) throws {
        let path = "\(folder)/run.json"
        if !force, FileEntry(at: path) == .file {
            let content = try SmallFile.content(of: path, purpose: "a run's options")
            guard let earlier = try? JSONDecoder().decode(RunRecord.self, from: content) else {
                throw Failure(
                    .badData,
                    "\(path): not the record of an earlier run; remove it or choose another place with -o"
                )
            }
            guard earlier == self else {
                throw Failure(
                    .cannotCreate,
                    "\(path): the outputs there were made with \(earlier.difference(from: self)); use the same, "
                        + "choose another place with -o, or --force replaces them")
            }
            return
        }
        try TextFile.write(try JSONText.encode(self) + "\n", to: path)
    }

    /// What is different here, in words.
    private func difference(from other: RunRecord) -> String {
        var words: [String] = []
        func compare(_ name: String, _ mine: String?, _ others: String?) {
            guard mine != others else { return }
            words.append("\(name) \(mine ?? "not given") (now \(others ?? "not given"))")
        }
        compare("--dataset", dataset, other.dataset)
        compare("--split", split, other.split)
        compare("the model", model, other.model)
        compare("the weights", weights, other.weights)
        for key in Set(options.keys).union(other.options.keys).sorted() {
            compare("--\(key)", options[key], other.options[key])
        }
        return words.joined(separator: ", ")
    }
}
