extension SeqFormerConfiguration {
    /// Where the names of a release differ from the original ones, from the root of a checkpoint.
    var renames: [String: String] {
        guard release == .vnext else { return [:] }
        return [
            "detr.": "detr.detr.", "controller.": "detr.controller.",
            "mask_head.": "detr.mask_head.",
            "detr.backbone.0.body.": "detr.detr.backbone.0.backbone.",
        ]
    }
}
