import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.simulation)) struct GroupSimulationTests {
    @Test func groupsInTrouble() throws {
        var staticReturns = 0
        var rebalances = 0
        var crashes = 0
        for seed in 0..<100 as Range<UInt64> {
            var simulation = try GroupSimulation(seed: seed)
            for _ in 0..<400 { try step(&simulation) }
            try settle(&simulation)
            staticReturns += simulation.staticReturns
            rebalances += simulation.rebalances
            crashes += simulation.crashes
        }
        // The simulation has to reach what it is about.
        #expect(staticReturns > 30 && rebalances > 500 && crashes > 50)
    }

    private func step(_ simulation: inout GroupSimulation) throws {
        switch Int.random(in: 0..<400, using: &simulation.random) {
        case 0: try simulation.crash()
        case 1: for replies in try simulation.server.compact() { simulation.deliver(replies) }
        case 2: simulation.server.file.fail(.fullDisk(after: Int.random(in: 0..<60, using: &simulation.random)))
        case 3..<10: simulation.server.file.fail(nil)
        case 10..<80: simulation.pass(Int64.random(in: 0..<4_000, using: &simulation.random))
        case 80..<160: try simulation.flush()
        default:
            let index = Int.random(in: 0..<simulation.clients.count, using: &simulation.random)
            try act(&simulation, index)
        }
    }

    private func act(_ simulation: inout GroupSimulation, _ index: Int) throws {
        let client = simulation.clients[index]
        let choice = Int.random(in: 0..<40, using: &simulation.random)
        switch client.phase {
        case .away: simulation.join(index)
        case .joined:
            if choice == 0 {
                simulation.vanish(index)
            } else if choice == 1 {
                simulation.join(index)
            } else {
                simulation.sync(index)
            }
        case .joining, .syncing: if choice == 0 { simulation.vanish(index) }
        case .member:
            switch choice {
            case 0: simulation.vanish(index)
            case 1: simulation.leave(index)
            case 2:
                simulation.clients[index].topics = Bool.random(using: &simulation.random) ? ["t"] : ["t", "u"]
                simulation.join(index)
            case 3: simulation.join(index)
            case 4..<8: try simulation.comeBack(index)
            case 8..<11: try simulation.commit(index, generation: client.generation - 1)
            case 11..<20: try simulation.commit(index, generation: client.generation)
            default: simulation.heartbeat(index)
            }
        }
    }

    /// From now on everybody behaves: then the rebalance ends, and all have their shares.
    private func settle(_ simulation: inout GroupSimulation) throws {
        simulation.server.file.fail(nil)
        for _ in 0..<90 {
            for index in simulation.clients.indices {
                switch simulation.clients[index].phase {
                case .away: simulation.join(index)
                case .joined: simulation.sync(index)
                case .member: simulation.heartbeat(index)
                case .joining, .syncing: break
                }
            }
            simulation.pass(1_000)
            try simulation.flush()
        }
        let seed = simulation.seed
        let description = simulation.server.state.groups.describe("g")
        #expect(description.state == .stable, "seed \(seed)")
        #expect(description.members.count == simulation.clients.count, "seed \(seed)")
        for client in simulation.clients {
            #expect(client.phase == .member, "seed \(seed): \(client)")
            #expect(client.generation == simulation.generations.keys.max(), "seed \(seed)")
            #expect(client.share != nil, "seed \(seed): \(client.number) has no share")
        }
        #expect(simulation.open.isEmpty, "seed \(seed): requests without an answer")
        simulation.checkOffsets("at the end")
    }
}
