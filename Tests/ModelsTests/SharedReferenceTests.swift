import Models
import TestSupport
import Testing

/// Every case of the reference folder that these models can run, where it lies beside the package.
@Suite(.serialized) struct SharedReferenceTests {
    static let modules = ModuleCases.names.compactMap {
        ReferenceFolder.path("medvt/modules/\($0)")
    }
    static let models = [
        "avos-swinb", "avos-swinb-train", "avos-swinb-2023", "avos-resnet101", "a2d-swinb",
        "a2d-swinb-padded",
    ].compactMap { ReferenceFolder.path("medvt/\($0)") }

    @Test(arguments: modules)
    func module(path: String) throws {
        try ReferenceVerification.verifyModule(path)
    }

    @Test(arguments: models)
    func model(path: String) throws {
        try ReferenceVerification.verifyModel(path)
    }
}
