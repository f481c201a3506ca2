import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// Many consumers of one group, that come, go, fall silent and come back, on a server that crashes and whose disk fills up.
///
/// What must hold is checked against what clients were told, not against the coordinator's own state.
struct GroupSimulation {
    struct Client {
        enum Phase: Equatable {
            case away
            case joining(ReplyToken)
            case joined
            case syncing(ReplyToken)
            case member
        }

        let number: Int
        let instance: String?
        let version: Int16
        var phase = Phase.away
        var memberID = ""
        var generation: Int32 = -1
        var leads = false
        var skips = false
        var others: [JoinAnswer.Member] = []
        var topics = ["t"]
        var share: String?
    }

    /// What is known of a generation from what clients were told.
    struct Generation {
        /// The client that leads.
        var leader: Int?
        /// The leader's division that counts.
        var division: String?
    }

    let seed: UInt64
    var random: SeededGenerator
    var server: SimulatedServer<[GroupReply]>
    var now: Int64 = 1_000_000
    var clients: [Client]
    /// Which client an id was made for.
    var owners: [String: Int] = [:]
    var generations: [Int32: Generation] = [:]
    /// Requests that were not answered yet; nil when the client is gone.
    var open: [ReplyToken: Int?] = [:]
    /// Requests whose connection the server knows to be closed.
    var abandoned: Set<ReplyToken> = []
    /// Commits by partition, in order, and how many of them were answered for.
    var commits: [Int32: [Int64]] = [:]
    var acknowledged: [Int32: Int] = [:]
    var staticReturns = 0
    var rebalances = 0
    var crashes = 0
    var lastToken: UInt64 = 0
    var lastID = 0
    var lastOffset: Int64 = 0

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        let delay = Int64.random(in: 0..<200, using: &random)
        server = try SimulatedServer {
            CoordinatorState(groups: GroupCoordinator(settings: GroupSettings(initialRebalanceDelay: delay)))
        }
        let count = Int.random(in: 1...8, using: &random)
        clients = []
        for number in 0..<count {
            let isStatic = Int.random(in: 0..<3, using: &random) == 0
            let version = isStatic ? [5, 8, 9] : [0, 3, 4, 9] as [Int16]
            clients.append(
                Client(
                    number: number,
                    instance: isStatic ? "i\(number)" : nil,
                    version: version.randomElement(using: &random) ?? 9
                )
            )
        }
    }

    // MARK: the server

    mutating func take(_ effects: GroupEffects) {
        if !server.hand(effects.records, effects.replies) { deliver(effects.replies.map(\.undurable)) }
    }

    mutating func flush() throws { for replies in try server.flush() { deliver(replies) } }

    mutating func pass(_ milliseconds: Int64) {
        let end = now + milliseconds
        var rounds = 0
        while let next = server.state.groups.nextDeadline, next <= end {
            now = max(now, next)
            take(server.state.groups.expire(now: now))
            rounds += 1
            #expect(rounds < 10_000, "seed \(seed): time stands still")
            if rounds >= 10_000 { break }
        }
        now = end
    }

    mutating func crash() throws {
        crashes += 1
        _ = try server.crash(&random, now: now)
        // Requests are lost with their connections, and generations that were never divided with the server.
        open = [:]
        let generation = server.state.groups.groups["g"]?.generation ?? 0
        generations = generations.filter { $0.key <= generation }
        for index in clients.indices {
            switch clients[index].phase {
            case .joining, .syncing: clients[index].phase = .away
            default: break
            }
        }
        checkOffsets("after a crash")
    }

    /// Nothing that was answered for is lost.
    func checkOffsets(_ when: String) {
        for (partition, values) in commits {
            let least = acknowledged[partition] ?? -1
            let stored = server.state.groups.offset("g", TopicPartition("t", partition), isStable: true).committed?
                .offset
            let allowed = values.enumerated().filter { $0.offset >= least }.map(\.element)
            let isRight = stored.map(allowed.contains) ?? (least < 0)
            #expect(isRight, "seed \(seed): offset \(stored ?? -1) of \(partition) \(when), at least number \(least)")
        }
    }

    // MARK: answers

    mutating func deliver(_ replies: [GroupReply]) {
        for reply in replies {
            // The answer may have been on its way when the connection was closed.
            if abandoned.remove(reply.token) != nil { continue }
            guard let owner = open.removeValue(forKey: reply.token) else {
                Issue.record("seed \(seed): an answer to nothing")
                continue
            }
            switch reply {
            case .joined(_, let answer): joined(owner, answer)
            case .synced(_, let answer): synced(owner, answer)
            }
        }
    }

    private mutating func joined(_ owner: Int?, _ answer: JoinAnswer) {
        if answer.error == .none { learnLeader(answer) }
        guard let owner else { return }
        switch answer.error {
        case .none:
            clients[owner].phase = .joined
            clients[owner].memberID = answer.memberID
            clients[owner].generation = answer.generation
            clients[owner].leads = answer.leader == answer.memberID
            clients[owner].skips = answer.skipsAssignment
            clients[owner].others = answer.members
        case .memberIDRequired:
            clients[owner].memberID = answer.memberID
            clients[owner].phase = .away
        case .rebalanceInProgress, .coordinatorNotAvailable: clients[owner].phase = .away
        case .unknownMemberID, .fencedInstanceID: reset(owner)
        default: Issue.record("seed \(seed): join \(answer.error)")
        }
    }

    /// There is one leader in each generation, as far as clients are told.
    private mutating func learnLeader(_ answer: JoinAnswer) {
        let leader = owners[answer.leader]
        #expect(leader != nil, "seed \(seed): nobody leads")
        #expect(answer.members.isEmpty || answer.leader == answer.memberID, "seed \(seed): members for a follower")
        if generations[answer.generation] == nil {
            generations[answer.generation] = Generation()
            rebalances += 1
        }
        let known = generations[answer.generation]?.leader
        #expect(known == nil || known == leader, "seed \(seed): two leaders in \(answer.generation)")
        generations[answer.generation]?.leader = leader
        if let newest = generations.keys.max() {
            #expect(answer.generation == newest, "seed \(seed): let into an old generation")
        }
    }

    private mutating func synced(_ owner: Int?, _ answer: SyncAnswer) {
        guard let owner else { return }
        switch answer.error {
        case .none:
            clients[owner].phase = .member
            clients[owner].share = nil
            guard !answer.assignment.isEmpty else { return }
            // division/client
            let parts = String(decoding: answer.assignment, as: UTF8.self).split(separator: "/").map(String.init)
            let generation = clients[owner].generation
            #expect(parts.count == 4 && parts[0] == "\(generation)", "seed \(seed): a share of another generation")
            #expect(parts[1] == "\(generations[generation]?.leader ?? -1)", "seed \(seed): not the leader's share")
            #expect(parts[3] == "\(owner)", "seed \(seed): somebody else's share")
            let known = generations[generation]?.division
            #expect(known == nil || known == parts[2], "seed \(seed): two divisions in a generation")
            generations[generation]?.division = parts[2]
            clients[owner].share = parts[3]
        case .rebalanceInProgress, .illegalGeneration, .coordinatorNotAvailable: clients[owner].phase = .away
        case .unknownMemberID, .fencedInstanceID: reset(owner)
        default: Issue.record("seed \(seed): sync \(answer.error)")
        }
    }

    mutating func reset(_ index: Int) {
        clients[index].memberID = ""
        clients[index].phase = .away
        clients[index].generation = -1
    }
}
