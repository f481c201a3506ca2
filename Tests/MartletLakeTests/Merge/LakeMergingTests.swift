import MartletCore
import MartletLake
import Testing

struct LakeMergingTests {
    private let note = CommitNote(author: "ada@engine", time: Timestamp(seconds: 1_800_000_000))

    /// base - main changes a, side changes b.
    private func sides() throws -> HistoryMaker {
        let maker = HistoryMaker()
        try maker.commit("base", files: ["a": 1, "b": 1])
        try maker.commit("main", ["base"], files: ["a": 2, "b": 1])
        try maker.commit("side", ["base"], files: ["a": 1, "b": 3])
        try maker.commit("rival", ["base"], files: ["a": 9, "b": 1])
        return maker
    }

    private func store(_ plan: MergePlan, _ maker: HistoryMaker) throws -> ObjectID {
        try maker.objects.put(plan.commit().encoded, as: .commit)
    }

    private func tree(_ files: KeyValuePairs<String, Int>, _ maker: HistoryMaker) throws -> ObjectID {
        try TreeWriter.build(files, maker.objects)
    }

    @Test func aMergeHasBothParentsAndIsNeverAMereMove() throws {
        let maker = try sides()
        let merging = LakeMerging(maker.objects)
        let plan = try merging.merge(maker.id("side"), into: maker.id("main"), note)
        #expect(plan.base == maker.id("base"))
        #expect(try plan.commit().parents == [maker.id("main"), maker.id("side")])
        #expect(try plan.commit().root == tree(["a": 2, "b": 3], maker))
        let forward = try merging.merge(maker.id("side"), into: maker.id("base"), note).commit()
        #expect(forward.parents == [maker.id("base"), maker.id("side")])

        let merged = try store(plan, maker)
        let again = try merging.merge(maker.id("side"), into: merged, note)
        #expect(again.outcome == .nothing)
        #expect(throws: MartletError.self) { try again.commit() }
    }

    @Test func aConflictNamesWhatIsContested() throws {
        let maker = try sides()
        let before = maker.objects.count
        let plan = try LakeMerging(maker.objects).merge(maker.id("rival"), into: maker.id("main"), note)
        #expect(plan.outcome == .conflicts)
        #expect(maker.objects.count == before)
        let error = #expect(throws: MartletError.self) { try plan.commit() }
        #expect(error?.code == .mergeConflict)
        #expect(error?.reason == "a: both sides changed it")
        let merging = LakeMerging(maker.objects, strategy: .theirs)
        let settled = try merging.merge(maker.id("rival"), into: maker.id("main"), note).commit()
        #expect(try settled.root == tree(["a": 9, "b": 1], maker))
        #expect(settled.metadata["conflicts_settled_for"] == "theirs")
    }

    @Test func historiesWithoutACommonAncestorCanBeMerged() throws {
        let maker = try sides()
        try maker.commit("other", files: ["c": 1])
        let plan = try LakeMerging(maker.objects).merge(maker.id("other"), into: maker.id("main"), note)
        #expect(plan.base == nil)
        #expect(try plan.commit().root == tree(["a": 2, "b": 1, "c": 1], maker))
    }

    @Test func aRevertTakesBackOneCommitOnly() throws {
        let maker = try sides()
        try maker.commit("next", ["main"], files: ["a": 2, "b": 1, "c": 5])
        let merging = LakeMerging(maker.objects)
        let record = try merging.revert(maker.id("main"), on: maker.id("next"), note).commit()
        #expect(record.parents == [maker.id("next")])
        #expect(try record.root == tree(["a": 1, "b": 1, "c": 5], maker))
        #expect(record.message == "Revert \(maker.id("main").short): main")
        // The first commit can be taken back too: before it there was nothing.
        #expect(try merging.revert(maker.id("base"), on: maker.id("base"), note).commit().root == tree([:], maker))
        #expect(try merging.revert(maker.id("side"), on: maker.id("base"), note).outcome == .nothing)
    }

    @Test func aCherryPickDoesACommitAgain() throws {
        let maker = try sides()
        let record = try LakeMerging(maker.objects).cherryPick(maker.id("side"), onto: maker.id("main"), note).commit()
        #expect(record.parents == [maker.id("main")])
        #expect(record.message == "side")
        #expect(record.metadata["picked"] == maker.id("side").hex)
        #expect(try record.root == tree(["a": 2, "b": 3], maker))
    }

    @Test func ofAMergeTheParentMustBeNamed() throws {
        let maker = try sides()
        let merging = LakeMerging(maker.objects)
        let merge = try store(merging.merge(maker.id("side"), into: maker.id("main"), note), maker)
        let error = #expect(throws: MartletError.self) { try merging.revert(merge, on: merge, note) }
        #expect(error?.code == .parentNeeded)
        #expect(try merging.revert(merge, on: merge, parent: 1, note).commit().root == tree(["a": 2, "b": 1], maker))
        #expect(try merging.revert(merge, on: merge, parent: 2, note).commit().root == tree(["a": 1, "b": 3], maker))
        for parent in [0, 3, -1, .min] {
            let error = #expect(throws: MartletError.self) {
                try merging.cherryPick(merge, onto: merge, parent: parent, note)
            }
            #expect(error?.code == .ancestorMissing)
        }
    }

    @Test func filesAreBroughtBackWithTheirHistoryKept() throws {
        let maker = try sides()
        let merging = LakeMerging(maker.objects)
        let all = try merging.restore(maker.id("base"), on: maker.id("main"), note).commit()
        #expect(all.parents == [maker.id("main")])
        #expect(try all.root == tree(["a": 1, "b": 1], maker))
        let none = try merging.restore(maker.id("base"), on: maker.id("main"), within: [LakePath("b")], note)
        #expect(none.outcome == .nothing)
    }

    @Test func aPlanOverMemoryLeavesTheLakeAlone() throws {
        let maker = try sides()
        let before = maker.objects.count
        let merging = LakeMerging(InMemoryObjects(over: maker.objects))
        #expect(try merging.merge(maker.id("side"), into: maker.id("main"), note).result.changes == 1)
        #expect(maker.objects.count == before)
    }
}
