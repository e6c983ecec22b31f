extension SeqFormerConfiguration {
    /// Where the names of a release differ from the original ones, from the root of a checkpoint: what
    /// a name begins with, and what the release has instead.
    var renames: [String: String] {
        guard release == .vnext else { return [:] }
        let backbone = (original: "detr.backbone.0.body.", own: "detr.detr.backbone.0.backbone.")
        var renames = [
            "detr.": "detr.detr.", "controller.": "detr.controller.",
            "mask_head.": "detr.mask_head.", backbone.original: backbone.own,
        ]
        for (original, own) in Self.detectronResidualNames {
            renames[backbone.original + original] = backbone.own + own
        }
        return renames
    }

    /// The names of torchvision's residual networks and those of detectron2's, as far as any release has
    /// blocks.
    private static let detectronResidualNames: [String: String] = {
        var names = ["conv1.": "stem.conv1.", "bn1.": "stem.conv1.norm."]
        for stage in 1...4 {
            for block in 0..<36 {
                let original = "layer\(stage).\(block)."
                let own = "res\(stage + 1).\(block)."
                names[original] = own
                for number in 1...3 {
                    names["\(original)bn\(number)."] = "\(own)conv\(number).norm."
                }
                names["\(original)downsample.0."] = "\(own)shortcut."
                names["\(original)downsample.1."] = "\(own)shortcut.norm."
            }
        }
        return names
    }()
}
