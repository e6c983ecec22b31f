extension TrainingData {
    /// Looks through the folders below `root`.
    ///
    /// - Parameter recipe: its data, its seed, and the length and normalisation of its model's clips.
    /// - Throws: ``TrainingError`` where a folder or a mask is missing, or the model cannot be trained.
    public init(root: String, recipe: TrainingRecipe) throws {
        let model = try TrainableModel(recipe.configuration).configuration
        try self.init(
            root: root, recipe.data, preprocessing: model.preprocessing, frames: model.frames,
            seed: recipe.seed)
    }
}
