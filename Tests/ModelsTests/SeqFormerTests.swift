import TestSupport
import Testing

/// SeqFormer against the official code.
@Suite(.serialized) struct SeqFormerTests {
    @Test(arguments: ["r50_t3", "r50_t5_odd", "vnext_r50_t3_pad", "vnext_r50_clipmatch_t7"])
    func stages(name: String) throws {
        guard let path = ReferenceFolder.path("seqformer/\(name)") else { return }
        try SeqFormerCase(path: path).verifyStages()
    }
}
