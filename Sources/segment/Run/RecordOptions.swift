import ArgumentParser
import Checkpoints
import Foundation
import Models

/// Which intermediate results a run keeps, and where.
struct RecordOptions: ParsableArguments {
    @Option(
        help: """
            Names of stages of the first window, with commas, or 'all': the names are those of the \
            reference cases, for example backbone.stage3,decoder.hs.
            """)
    var record: String?

    @Option(
        help: "The safetensors file that they are written to.",
        completion: .file(extensions: ["safetensors"]))
    var recordTo: String?

    func validate() throws {
        guard (record == nil) == (recordTo == nil) else {
            throw ValidationError("--record and --record-to belong together; give both or neither")
        }
        guard let names, names.contains("") else { return }
        throw ValidationError("--record has an empty name; it takes names with commas between them")
    }

    /// The names that are wanted; `nil` for all of them.
    var names: Set<String>? {
        guard let record, record != "all" else { return nil }
        return Set(record.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }

    /// A recorder of the wanted stages, where any are wanted.
    var recorder: Recorder? {
        record == nil ? nil : Recorder(names: names)
    }

    /// Refuses to overwrite.
    func check(inputs: [String], force: Bool) throws {
        guard let recordTo else { return }
        try FileCheck.refuseOverwriting(recordTo, inputs: inputs, force: force)
    }

    /// Writes what was recorded.
    func write(_ recorder: Recorder) throws {
        guard let recordTo else { return }
        let tensors = recorder.tensors
        let missing = (names ?? []).subtracting(tensors.keys).sorted()
        guard missing.isEmpty else {
            throw Failure(
                .usage,
                "the model has no stage named \(missing.joined(separator: ", ")); --record all keeps every "
                    + "stage, and 'segment inspect' lists them")
        }
        var writer = SafetensorsWriter()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { writer.add(name, tensor) }
        try writer.write(to: recordTo)
    }
}
