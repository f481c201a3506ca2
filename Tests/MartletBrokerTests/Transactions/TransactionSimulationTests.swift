import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.simulation)) struct TransactionSimulationTests {
    @Test func transactionsInTrouble() throws {
        var ended = 0
        var crashes = 0
        var fenced = 0
        var seen = 0
        for seed in 0..<100 as Range<UInt64> {
            var simulation = try TransactionSimulation(seed: seed)
            for _ in 0..<2_000 { try step(&simulation) }
            try settle(&simulation)
            simulation.check()
            ended += simulation.told.count
            crashes += simulation.crashes
            fenced += simulation.fenced
            seen += simulation.seen.count
        }
        // The simulation has to reach what it is about.
        #expect([ended > 1_000, crashes > 500, fenced > 500, seen > 100] == [true, true, true, true])
    }

    private func step(_ simulation: inout TransactionSimulation) throws {
        switch Int.random(in: 0..<300, using: &simulation.random) {
        case 0..<2: try simulation.crash()
        case 2..<4:
            // Applied is only what nothing else is under way for.
            for reply in try simulation.server.compact() { simulation.deliver(reply) }
        case 4: simulation.server.file.fail(.fullDisk(after: Int.random(in: 0..<60, using: &simulation.random)))
        case 5..<15: simulation.server.file.fail(nil)
        case 15..<30: simulation.now += Int64.random(in: 0..<2_000, using: &simulation.random)
        case 30..<35: simulation.abortTimedOut()
        case 35..<90: try simulation.flush()
        case 90..<140:
            if let index = simulation.works.indices.randomElement(using: &simulation.random) { simulation.work(index) }
        case 140..<160: simulation.look()
        default: act(&simulation)
        }
    }

    private func act(_ simulation: inout TransactionSimulation) {
        if simulation.processes.count < 3 || (simulation.processes.count < 12 && chance(&simulation, 60)) {
            let id = Int.random(in: 0..<3, using: &simulation.random)
            simulation.processes.append(TransactionSimulation.Process(id: id))
            return
        }
        let index = Int.random(in: 0..<simulation.processes.count, using: &simulation.random)
        let process = simulation.processes[index]
        if process.isWaiting { return }
        guard let identity = process.identity else {
            // A process that was fenced off mostly stays away.
            if chance(&simulation, 10) { simulation.start(index) }
            return
        }
        guard let transaction = process.transaction else { return simulation.add(index, identity) }
        if process.ending != nil { return simulation.end(index, identity) }
        switch Int.random(in: 0..<20, using: &simulation.random) {
        case 0: simulation.restart(index)
        case 1..<5: simulation.add(index, identity)
        case 5..<12: if process.hasGroup { simulation.commitOffset(index, identity, transaction) }
        case 12..<15: simulation.end(index, identity)
        default: simulation.produce(index, identity, transaction)
        }
    }

    private func chance(_ simulation: inout TransactionSimulation, _ oneIn: Int) -> Bool {
        Int.random(in: 0..<oneIn, using: &simulation.random) == 0
    }

    /// Producers are gone; the server ends what they left.
    private func settle(_ simulation: inout TransactionSimulation) throws {
        simulation.server.file.fail(nil)
        for _ in 0..<5 {
            try simulation.flush()
            while !simulation.works.isEmpty { simulation.work(0) }
            try simulation.flush()
            simulation.now += 20_000
            simulation.abortTimedOut()
        }
        simulation.look()
    }
}
