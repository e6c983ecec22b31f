import Checkpoints
import Tensor
import TestSupport
import Testing
import Workloads

/// Every case of the benchmarks at reduced size against its plain twin: what is timed is right.
@Suite struct WorkloadTests {
    @Test(arguments: Workload.table)
    func agreesWithItsTwin(_ workload: Workload) throws {
        let operation = workload.operation.reduced
        let operands = try Operands(operation.operands)
        let twin = try #require(operation as? any Twinned, "\(workload.name) has no plain twin")
        let found = try operation.prepared(operands)()
        let expected = try twin.plainly(operands)
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) {
            #expect(largestDifference(found, expected.values) <= expected.tolerance)
        }
    }

    @Test func namesAreUnique() {
        #expect(Set(Workload.table.map(\.name)).count == Workload.table.count)
    }
}

extension Workload: CustomTestStringConvertible {
    /// The name.
    public var testDescription: String { name }
}
