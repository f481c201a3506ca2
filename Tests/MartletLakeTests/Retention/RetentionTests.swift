import MartletCore
import MartletLake
import Testing

struct RetentionTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func daysAgo(_ days: Int) -> Timestamp { now - .seconds(days * 86_400) }

    private func branch(
        _ name: String,
        _ head: String,
        movedDaysAgo days: Int,
        inUse: Bool = false
    ) -> RetentionPolicy.Branch {
        RetentionPolicy.Branch(
            name: BranchName(trusted: name),
            head: ObjectID(hashing: Array(head.utf8)),
            movedAt: daysAgo(days),
            isInUse: inUse
        )
    }

    @Test func branchesOfRunsExpire() {
        let decision = RetentionPolicy().decide(
            branches: [
                branch("main", "a", movedDaysAgo: 400), branch("run/x", "b", movedDaysAgo: 31),
                branch("run/y", "c", movedDaysAgo: 29), branch("run/z", "d", movedDaysAgo: 99, inUse: true),
            ],
            at: now
        )
        #expect(decision.expired.map(\.rawValue) == ["run/x"])
        #expect(decision.roots.count == 4)
        #expect(decision.roots.allSatisfy { $0.since == nil })
    }

    @Test func rulesGoByTheFirstPatternThatFits() {
        let policy = RetentionPolicy([
            RetentionPolicy.Rule(BranchPattern("run/keep-*")),
            RetentionPolicy.Rule(BranchPattern("run/**"), branchDays: 2),
            RetentionPolicy.Rule(BranchPattern("main"), historyDays: 90),
        ])
        let decision = policy.decide(
            branches: [
                branch("run/keep-1", "a", movedDaysAgo: 400), branch("run/other", "b", movedDaysAgo: 3),
                branch("main", "c", movedDaysAgo: 0),
            ],
            at: now
        )
        #expect(decision.expired.map(\.rawValue) == ["run/other"])
        #expect(decision.roots.first?.since == daysAgo(90))
    }

    @Test func movesAndTagsKeepCommits() {
        let ids = (0..<4).map { ObjectID(hashing: [UInt8($0)]) }
        let decision = RetentionPolicy().decide(
            branches: [],
            tags: [ids[0]],
            moves: [
                RetentionPolicy.Move(from: ids[1], to: nil, at: daysAgo(13)),
                RetentionPolicy.Move(from: ids[2], to: ids[3], at: daysAgo(14)),
            ],
            at: now
        )
        #expect(decision.roots.map(\.commit) == [ids[0], ids[1]])
    }

    @Test func oldCommitsKeepTheirRecordOnly() throws {
        let maker = HistoryMaker()
        func at(_ days: Int) -> Int { 1_800_000_000 - days * 86_400 }
        try maker.commit("a", at: at(300))
        try maker.commit("b", ["a"], at: at(200))
        try maker.commit("c", ["b"], at: at(50))
        try maker.commit("d", ["c"], at: at(40))
        try maker.commit("lost", at: at(1))
        func kept(_ roots: [RetentionPolicy.Root]) throws -> String {
            let commits = try RetentionPolicy.Decision(roots: roots).commits(in: maker.history)
            return commits.map { "\(maker.names[$0.key] ?? "?")\($0.value ? "+" : "-")" }.sorted().joined(
                separator: " "
            )
        }
        let head = RetentionPolicy.Root(commit: maker.id("d"), since: daysAgo(90))
        #expect(try kept([head]) == "a- b- c+ d+")
        #expect(try kept([head, RetentionPolicy.Root(commit: maker.id("a"), since: daysAgo(10))]) == "a+ b- c+ d+")
        #expect(try kept([head, RetentionPolicy.Root(commit: maker.id("b"))]) == "a+ b+ c+ d+")
        let recent = RetentionPolicy.Root(commit: maker.id("d"), since: daysAgo(1))
        #expect(try kept([recent]) == "a- b- c- d+")
        #expect(try kept([recent, RetentionPolicy.Root(commit: maker.id("c"), since: daysAgo(250))]) == "a- b+ c+ d+")
    }
}
