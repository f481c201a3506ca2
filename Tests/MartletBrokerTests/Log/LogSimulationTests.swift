import Testing

@testable import MartletBroker

@Suite("The log against a list of records")
struct LogSimulationTests {
    @Test("Random work with crashes at any point loses nothing that was flushed", arguments: 0..<12)
    func crashes(group: Int) throws {
        var counts: [String: Int] = [:]
        for seed in 0..<5 {
            var simulation = try LogSimulation(seed: UInt64(group * 1_000 + seed))
            try simulation.run(steps: 100)
            counts.merge(simulation.counts) { $0 + $1 }
        }
        for what in ["append", "abort", "commit", "duplicate", "refused", "crash", "cut", "lost", "clean restart"] {
            #expect(counts[what, default: 0] > 0, "never: \(what)")
        }
    }
}
