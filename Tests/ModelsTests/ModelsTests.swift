import Checkpoints
import Models
import Tensor
import TestSupport
import Testing

/// Every module case of the reference folder, where that lies beside the package.
@Suite struct SharedModuleCases {
    static let paths = ModuleCases.names.compactMap { ReferenceFolder.path("medvt/modules/\($0)") }

    @Test(arguments: paths)
    func module(path: String) throws {
        try verifyModule(path)
    }
}

/// Runs a module case and checks every stored output within the case's own bound.
func verifyModule(_ path: String) throws {
    let reference = try ReferenceCase(path: path)
    let scope = WeightScope(reference.weights)
    let outputs = try ModuleCases.outputs(of: reference, weights: scope)
    try scope.finish()
    for entry in reference.tensors.entries where !entry.name.hasPrefix("in.") {
        guard let output = outputs[entry.name] else {
            Issue.record("\(path): no output \(entry.name)")
            continue
        }
        let comparison = try reference.compare(output, to: entry.name)
        print(path.suffix(40), entry.name, comparison.largestDifference, comparison.tolerance.bound)
        #expect(comparison.passes, "\(path): \(comparison)")
    }
}
