import Checkpoints

/// Which model a checkpoint is of, as far as its metadata and tensor names tell.
struct RecognisedModel: CustomStringConvertible {
    let description: String

    init?(_ source: any WeightSource) {
        return nil
    }
}
