import Checkpoints
import Tensor

/// The modules that a reference case can name, and how each is run.
///
/// An entry builds the module from the case's weights, runs it on the case's inputs (`in.` tensors, or
/// plainly named ones), and gives the outputs, without a prefix, in the layout of the official code.
/// Files of this folder add the entries of one subject each.
public enum ModuleCases {
    /// Builds and runs one module.
    typealias Entry = @Sendable (ModuleCase) throws -> [String: Tensor<Float>]

    /// All entries, by the case's `module`.
    static let entries: [String: Entry] = [
        transformer, decoding, labelPropagation, images, backbones, imageBackbones, instances,
        instanceMasks, postProcessing,
    ].reduce(into: seqFormer) { all, part in
        all.merge(part) { _, later in later }
    }

    /// The names of the modules that can be run, sorted.
    public static var names: [String] { entries.keys.sorted() }

    /// What the module of `referenceCase` makes of its inputs, and which of the case's tensors those are.
    ///
    /// - Throws: ``VerificationError`` for a module that is not known or inputs that do not fit it,
    ///   `CheckpointError` for tensors that cannot be read.
    public static func outputs(
        of referenceCase: ReferenceCase, weights: WeightScope
    ) throws -> ModuleResult {
        let name = referenceCase.config["module"]?.string ?? ""
        // Cases of MED-VT's modules name their model; those of SeqFormer's have none.
        let own = referenceCase.config["model"] == nil ? seqFormer[name] : nil
        guard let entry = own ?? entry(for: name) else {
            throw VerificationError.unknownModule(name: name, path: referenceCase.path)
        }
        let module = ModuleCase(referenceCase: referenceCase, weights: weights)
        let outputs: [String: Tensor<Float>] = try entry(module).reduce(into: [:]) {
            named, output in
            let isStored = referenceCase.tensors.entry(named: output.key) != nil
            named[isStored ? output.key : "out.\(output.key)"] = output.value
        }
        return ModuleResult(outputs: outputs, inputs: module.inputs.names)
    }

    /// Whether a module of this name can be run.
    public static func knows(_ module: String) -> Bool { entry(for: module) != nil }

    /// The entry of a module, whose name may go on to tell what is special about a case: that of
    /// `swin_layer` runs `swin_layer_long_time`.
    private static func entry(for module: String) -> Entry? {
        let fitting = entries.keys.filter { module == $0 || module.hasPrefix("\($0)_") }
        return fitting.max { $0.count < $1.count }.flatMap { entries[$0] }
    }
}

/// What a module made of a reference case, by the names of the case's tensors.
public struct ModuleResult: Sendable {
    /// What it computed, in the layout of the official code.
    public let outputs: [String: Tensor<Float>]
    /// The tensors that it read; what is neither here nor computed has no place in the module.
    public let inputs: Set<String>
}

/// What is wrong with a reference case.
public enum VerificationError: Error, Equatable, CustomStringConvertible {
    /// No module of this name can be run.
    case unknownModule(name: String, path: String)
    /// The configuration lacks an option that the module needs.
    case missingOption(name: String, path: String)
    /// A tensor's shape is not what the module takes.
    case unfitTensor(name: String, shape: [Int], expected: String, path: String)

    /// One sentence: what was found where, and what was expected.
    public var description: String {
        switch self {
        case .unknownModule(let name, let path):
            "\(path): the module '\(name)' is not one of those that can be verified: "
                + ModuleCases.names.joined(separator: ", ") + "."
        case .missingOption(let name, let path):
            "\(path): the configuration lacks a usable '\(name)'."
        case .unfitTensor(let name, let shape, let expected, let path):
            "\(path): tensor '\(name)' has the shape \(shape), expected \(expected)."
        }
    }
}
