/// Where DAVIS keeps its annotations and the lists of its parts.
enum DAVISLayout {
    /// The folders that a request names: either a data set, with `Annotations` and `ImageSets` in it, or a folder of
    /// the sequences themselves.
    ///
    /// - Parameters:
    ///   - annotations: the folder of annotations in the data set.
    ///   - lists: the folders of lists in `ImageSets` that may serve, the best first.
    static func folders(
        of request: EvaluationRequest, annotations: String, lists: [String]
    ) throws -> SequenceFolders {
        let root = request.groundTruth
        guard FolderListing.isFolder("\(root)/\(annotations)") else {
            if let split = request.split {
                throw EvaluationError(
                    .badData,
                    "\(root): there is no folder \(annotations), so there are no parts such as '\(split)'; name the data set's root"
                )
            }
            return SequenceFolders(
                predictions: request.predictions, groundTruth: root, names: request.sequences)
        }
        let folder = "\(root)/\(annotations)"
        let resolution = FolderListing.isFolder("\(folder)/480p") ? "\(folder)/480p" : folder
        return SequenceFolders(
            predictions: request.predictions, groundTruth: resolution,
            names: try request.sequences
                ?? part(request.split ?? "val", of: root, lists: lists))
    }

    /// The names of a part's sequences.
    private static func part(_ split: String, of root: String, lists: [String]) throws -> [String] {
        let files = lists.map { "\(root)/ImageSets/\($0)/\(split).txt" }
        guard let file = files.first(where: FolderListing.exists) else {
            throw EvaluationError(
                .missingInput,
                "\(root): there is no list of the part '\(split)', looked for \(files.joined(separator: " and "))"
            )
        }
        // The lists of 2016 name an image and a mask a line: the sequence is the folder they lie in.
        var names: [String] = []
        for entry in try NameList.read(file) {
            let parts = entry.split(separator: "/")
            let name = parts.count > 1 ? String(parts[parts.count - 2]) : entry
            if names.last != name { names.append(name) }
        }
        return names
    }
}
