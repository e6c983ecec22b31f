import ArgumentParser

/// Which data set a run is over.
struct DataSetOptions: ParsableArguments {
    @Option(
        help: """
            Run over a data set in place of an input: \(DataSet.all.map(\.name).joined(separator: ", ")).
            """,
        completion: .list(DataSet.all.map(\.name)))
    var dataset: String?

    @Option(help: "The data set's folder.", completion: .directory)
    var root: String?

    @Option(help: "The part of the data set (default: the one that is scored, such as val).")
    var split: String?

    @Option(
        help: "Which share of the videos to take, such as 3/16 for the third of sixteen.",
        transform: Shard.init(_:))
    var shard: Shard?

    func validate() throws {
        guard let dataset else {
            let given = [("root", root != nil), ("split", split != nil), ("shard", shard != nil)]
            guard let (name, _) = given.first(where: \.1) else { return }
            throw ValidationError("--\(name) belongs to --dataset, which is missing")
        }
        guard DataSet.named(dataset) != nil else {
            throw ValidationError(
                "--dataset is '\(dataset)'; it takes one of "
                    + DataSet.all.map(\.name).joined(separator: ", "))
        }
        guard root != nil else {
            throw ValidationError("--dataset needs --root, the folder of the data set")
        }
    }
}

/// The value of `--shard`: one of several machines that share the work.
struct Shard: Equatable {
    /// Which one, from 1.
    let number: Int
    let count: Int

    /// The shard that a person typed, `3/16`.
    init(_ text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1,
            (1...count).contains(number)
        else {
            throw ValidationError("it takes a number and how many there are, from 1/16 to 16/16")
        }
        self.number = number
        self.count = count
    }

    /// This shard's share: every `count`-th element, so that all shards get early and late ones.
    func share<Element>(of elements: [Element]) -> [Element] {
        elements.enumerated().filter { $0.offset % count == number - 1 }.map(\.element)
    }
}
