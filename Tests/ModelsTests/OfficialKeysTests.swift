import Checkpoints
import Foundation
import Models
import Tensor
import TestSupport
import Testing

/// The names, shapes and types of an official checkpoint, with zeros for values.
private struct KeyList: WeightSource {
    let origin: String
    let entries: [CheckpointEntry]
    let metadata: [String: String] = [:]
    private let byName: [String: CheckpointEntry]

    /// Reads lines such as `backbone.norm.weight 128 float32` or `steps scalar int64`.
    init(path: String) throws {
        origin = path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        entries = text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count == 3 else { return nil }
            let shape =
                parts[1] == "scalar" ? [] : parts[1].split(separator: "x").compactMap { Int($0) }
            let type: ElementType = parts[2].hasSuffix("int64") ? .int64 : .float32
            return CheckpointEntry(
                name: String(parts[0]), shape: shape, elementType: type,
                byteCount: shape.reduce(type == .int64 ? 8 : 4, *))
        }
        byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
    }

    func entry(named name: String) -> CheckpointEntry? { byName[name] }

    func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        destination.initializeMemory(as: UInt8.self, repeating: 0)
    }
}

/// The official checkpoints, whose tensors are listed in the reference folder where it lies beside the
/// package: each is recognised, and every tensor of it is loaded or known to be of no use.
@Suite(.serialized) struct OfficialKeysTests {
    static let models = ["avos-swinb", "avos-resnet101", "a2d-swinb", "a2d-resnet101"]

    @Test(arguments: models)
    func everyTensorHasItsPlace(model: String) throws {
        guard let known = ReferenceFolder.path("medvt/avos-swinb") else { return }
        let folder = URL(fileURLWithPath: known).deletingLastPathComponent()
        let source = try KeyList(path: folder.appending(path: "\(model).keys.txt").path)
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == model)
        #expect(recipe.medvt == MEDVTConfiguration.preset(named: model))
        let (_, report) = try recipe.model(from: source)
        #expect(report.loaded + report.ignored.count == source.entries.count)
        let unused = ["relative_position_index", "num_batches_tracked"]
        #expect(
            report.ignored.allSatisfy { name in
                name.contains(".WV.") || name.contains(".samp_w_pred.")
                    || unused.contains { name.hasSuffix($0) }
            })
    }

    /// The lists, and the presets of their models.
    static let seqFormers = [
        ("r50", "seqformer-r50"), ("r101", "seqformer-r101"), ("x101", "seqformer-x101"),
        ("swin_l", "seqformer-swinl"), ("vnext_r50", "vnext-seqformer-r50"),
        ("vnext_swin_l", "vnext-seqformer-swinl"),
    ]

    @Test(arguments: seqFormers)
    func everyTensorOfSeqFormerHasItsPlace(list: String, preset: String) throws {
        guard let known = ReferenceFolder.path("seqformer/r50_t3") else { return }
        let folder = URL(fileURLWithPath: known).deletingLastPathComponent()
        let source = try KeyList(path: folder.appending(path: "\(list).keys.txt").path)
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == preset)
        #expect(
            recipe.configuration as? SeqFormerConfiguration
                == SeqFormerConfiguration.preset(named: preset))
        let (_, report) = try recipe.model(from: source)
        #expect(report.isComplete)
        #expect(report.loaded + report.ignored.count == source.entries.count)
        // Stored and unused: what training alone needs, and copies.
        #expect(
            report.ignored.allSatisfy { name in
                name.hasSuffix("relative_position_index")
                    || name.contains("transformer.decoder.bbox_embed.")
                    || name.contains("encoder.layers.") && name.contains(".output_proj_box.")
                    || name.contains("class_embed.") && !name.contains("class_embed.5.")
            })
    }
}
