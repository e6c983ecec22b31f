import Foundation
import Workloads

/// The times of one workload, ours and those of others in the same sitting.
struct Measurement {
    let workload: Workload
    /// The median of our runs.
    let seconds: Double
    /// What each peer has to say.
    let peers: [PeerResult]

    enum PeerResult {
        /// The median of its runs.
        case seconds(Double)
        /// It has no such operation.
        case notOffered
    }

    /// How long a turn lasts at least: a program that has just woken up computes more slowly for some milliseconds.
    private static let turn = 0.05

    /// Runs everybody once, compares the results, and then lets all have `runs` turns. A turn counts as the median of
    /// its runs, of which there are as many as fill it. Beside others each begins with a run that is not counted: threads
    /// were asleep, and caches full of what others read.
    init(of workload: Workload, runs: Int, beside peers: [Peer]) throws {
        let operation = try workload.operation.prepared(Operands(workload.operation.operands))
        let result = Samples(of: operation())
        let offers = try peers.map { peer -> Bool in
            guard let samples = try peer.prepare(workload) else { return false }
            try result.requireAgreement(of: samples, by: peer.library, on: workload.name)
            return true
        }
        var times = [[Double]](repeating: [], count: peers.count)
        var ours: [Double] = []
        for _ in 0..<runs {
            if !peers.isEmpty { _ = operation() }
            var turn: [Double] = []
            repeat {
                turn.append(ContinuousClock().measure { _ = operation() } / .seconds(1))
            } while !peers.isEmpty && turn.reduce(0, +) < Self.turn
            ours.append(Self.median(turn))
            // Our threads, too, wait a millisecond for more work.
            if !peers.isEmpty { Thread.sleep(forTimeInterval: 0.01) }
            for index in peers.indices where offers[index] {
                times[index].append(try peers[index].run(forSeconds: Self.turn))
            }
        }
        self.workload = workload
        seconds = Self.median(ours)
        self.peers = times.map { $0.isEmpty ? .notOffered : .seconds(Self.median($0)) }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
