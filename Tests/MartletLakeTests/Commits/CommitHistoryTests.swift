import MartletCore
import MartletLake
import Testing

struct CommitHistoryTests {
    /// a - b - d - f - g (main), b - c - e merged as f: `f` has the parents d and e.
    private func forked() throws -> HistoryMaker {
        let maker = HistoryMaker()
        try maker.commit("a", files: ["x": 1])
        try maker.commit("b", ["a"], files: ["x": 1, "y/z": 1])
        try maker.commit("c", ["b"], files: ["x": 2, "y/z": 1])
        try maker.commit("d", ["b"], files: ["x": 1, "y/z": 2])
        try maker.commit("e", ["c"], files: ["x": 3, "y/z": 1])
        try maker.commit("f", ["d", "e"], files: ["x": 3, "y/z": 2])
        try maker.commit("g", ["f"], files: ["x": 3, "y/z": 2, "w": 1])
        return maker
    }

    @Test func theLogGoesBackThroughAllParents() throws {
        let maker = try forked()
        let head = [maker.id("g")]
        #expect(try maker.names(maker.history.log(from: head)) == "g f e d c b a")
        #expect(try maker.names(maker.history.log(from: head, limit: 3)) == "g f e")
        #expect(try maker.names(maker.history.log(from: head, limit: 0)) == "")
        #expect(try maker.names(maker.history.log(from: head, firstParent: true)) == "g f d b a")
        #expect(try maker.names(maker.history.log(from: [maker.id("d"), maker.id("c")])) == "d c b a")
        #expect(try maker.names(maker.history.log(from: head + head, limit: 2)) == "g f")
    }

    @Test(arguments: [("x", "e c a"), ("y", "d b"), ("y/z", "d b"), ("w", "g"), ("nothing", "")])
    func theLogOfAPathHasItsChangesOnly(path: String, expected: String) throws {
        let maker = try forked()
        #expect(try maker.names(maker.history.log(from: [maker.id("g")], paths: [LakePath(path)])) == expected)
    }

    @Test func aLogReadsOnlyWhatIsAskedFor() throws {
        let maker = HistoryMaker()
        try maker.commit("0")
        for index in 1..<200 { try maker.commit("\(index)", ["\(index - 1)"]) }
        let counting = CountingReader(maker.objects)
        var log = CommitHistory(objects: counting).log(from: [maker.id("199")])
        #expect(try log.next()?.id == maker.id("199"))
        #expect(counting.reads <= 2)
    }

    @Test(arguments: [
        ("a", "a", "a"), ("a", "g", "a"), ("d", "e", "b"), ("d", "c", "b"), ("f", "e", "e"), ("g", "d", "d"),
    ])
    func theBestCommonAncestorIsFound(left: String, right: String, expected: String) throws {
        let maker = try forked()
        let history = maker.history
        #expect(try history.mergeBase(maker.id(left), maker.id(right)) == maker.id(expected))
        #expect(try history.mergeBase(maker.id(right), maker.id(left)) == maker.id(expected))
    }

    @Test func afterMergesCrosswiseTheLatestIsChosen() throws {
        let maker = HistoryMaker()
        try maker.commit("a")
        try maker.commit("b", ["a"])
        try maker.commit("c", ["a"])
        try maker.commit("d", ["b", "c"])
        try maker.commit("e", ["c", "b"])
        #expect(try maker.history.mergeBase(maker.id("d"), maker.id("e")) == maker.id("c"))
        #expect(try maker.history.mergeBase(maker.id("e"), maker.id("d")) == maker.id("c"))
        try maker.commit("z")
        #expect(try maker.history.mergeBase(maker.id("d"), maker.id("z")) == nil)
    }

    /// Against a plain search, in histories whose clocks are right, stand still, or go astray.
    @Test(arguments: 0..<60) func ancestorsAreThoseOfAPlainSearch(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let maker = HistoryMaker()
        var ancestors: [Set<Int>] = []
        for index in 0..<40 {
            let parents =
                index == 0
                ? []
                : Array(
                    Set(
                        (0...Int.random(in: 0...1, using: &random)).map { _ in
                            Int.random(in: max(0, index - 6)..<index, using: &random)
                        }
                    )
                ).sorted()
            ancestors.append(parents.reduce(into: [index]) { $0.formUnion(ancestors[$1]) })
            let time = [index, 5, Int.random(in: 0..<40, using: &random)][seed % 3]
            try maker.commit("\(index)", parents.map(String.init), files: ["f": index], at: time)
        }
        let history = maker.history
        for _ in 0..<30 {
            let (left, right) = (Int.random(in: 0..<40, using: &random), Int.random(in: 0..<40, using: &random))
            let common = ancestors[left].intersection(ancestors[right])
            let best = common.filter { one in !common.contains { $0 != one && ancestors[$0].contains(one) } }
            let found = try history.mergeBase(maker.id("\(left)"), maker.id("\(right)"))
            #expect(best.map { maker.id("\($0)") }.contains { $0 == found } || (best.isEmpty && found == nil))
            #expect(try history.mergeBase(maker.id("\(right)"), maker.id("\(left)")) == found)
            let isBefore = ancestors[right].contains(left)
            #expect(try history.isAncestor(maker.id("\(left)"), of: maker.id("\(right)")) == isBefore)
        }
    }

    @Test func eachCommitOfALadderIsReadOnce() throws {
        // Every commit is a merge of the two before it: the paths back are as many as the Fibonacci numbers.
        let maker = HistoryMaker()
        try maker.commit("0")
        try maker.commit("1", ["0"])
        for index in 2..<300 { try maker.commit("\(index)", ["\(index - 1)", "\(index - 2)"]) }
        try maker.commit("side", ["0"], at: 1_800_000_000)
        let counting = CountingReader(maker.objects)
        let history = CommitHistory(objects: counting)
        #expect(try history.mergeBase(maker.id("299"), maker.id("side")) == maker.id("0"))
        #expect(counting.reads <= 301)
    }
}
