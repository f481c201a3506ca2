import MartletCore
import MartletLake
import Testing

struct TreeMergeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var base: [String: Int]
        var ours: [String: Int]
        var theirs: [String: Int]
        /// What is merged when nothing is in conflict.
        var merged: [String: Int]?
        var conflicts: [String] = []
        var forOurs: [String: Int]?
        var forTheirs: [String: Int]?
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "one side", base: ["a": 1], ours: ["a": 1], theirs: ["a": 2, "b": 3], merged: ["a": 2, "b": 3]),
        Case(
            name: "both sides, apart",
            base: ["a": 1, "b": 1, "c": 1],
            ours: ["a": 2, "b": 1, "d": 4],
            theirs: ["a": 1, "b": 3, "c": 1],
            merged: ["a": 2, "b": 3, "d": 4]
        ),
        Case(name: "the same change", base: ["a": 1], ours: ["a": 2], theirs: ["a": 2], merged: ["a": 2]),
        Case(name: "the same removal", base: ["a": 1, "b": 1], ours: ["b": 1], theirs: ["b": 1], merged: ["b": 1]),
        Case(
            name: "both changed",
            base: ["a": 1, "b": 1],
            ours: ["a": 2, "b": 1],
            theirs: ["a": 3, "b": 9],
            conflicts: ["both_changed a"],
            forOurs: ["a": 2, "b": 9],
            forTheirs: ["a": 3, "b": 9]
        ),
        Case(
            name: "both added",
            base: [:],
            ours: ["a": 2],
            theirs: ["a": 3],
            conflicts: ["both_changed a"],
            forOurs: ["a": 2],
            forTheirs: ["a": 3]
        ),
        Case(
            name: "changed and removed",
            base: ["a": 1, "b": 1],
            ours: ["b": 2],
            theirs: ["a": 2],
            conflicts: ["changed_and_removed a", "changed_and_removed b"],
            forOurs: ["b": 2],
            forTheirs: ["a": 2]
        ),
        Case(
            name: "a file here, a folder there",
            base: ["z": 1],
            ours: ["a": 1, "a-b": 2, "z": 1],
            theirs: ["a.c": 3, "a/b": 4, "a/c": 5, "z": 2],
            conflicts: ["file_and_folder a"],
            forOurs: ["a": 1, "a-b": 2, "a.c": 3, "z": 2],
            forTheirs: ["a-b": 2, "a.c": 3, "a/b": 4, "a/c": 5, "z": 2]
        ),
        Case(
            name: "a folder here, a file there",
            base: ["a/b/c": 1],
            ours: ["a/b/c": 2],
            theirs: ["a": 3],
            conflicts: ["changed_and_removed a/b/c", "file_and_folder a"],
            forOurs: ["a/b/c": 2],
            forTheirs: ["a": 3]
        ),
        Case(
            name: "a folder becomes a file on one side only",
            base: ["a/b": 1, "c": 1],
            ours: ["a": 3, "c": 1],
            theirs: ["a/b": 1, "c": 2],
            merged: ["a": 3, "c": 2]
        ),
    ]

    @Test(arguments: cases) func sidesAreBroughtTogether(_ example: Case) throws {
        let objects = InMemoryObjects()
        func tree(_ files: [String: Int]) throws -> ObjectID {
            try TreeWriter.build(files.reduce(into: Files()) { $0[LakePath($1.key)] = .sample($1.value) }, objects)
        }
        let (base, ours, theirs) = (try tree(example.base), try tree(example.ours), try tree(example.theirs))
        func merge(_ strategy: MergeStrategy) throws -> TreeMergeResult {
            try TreeMerge.merge(base: base, ours: ours, theirs: theirs, strategy: strategy, objects)
        }
        let result = try merge(.fail)
        #expect(result.conflicts.map { "\($0.kind.rawValue) \($0.path)" }.sorted() == example.conflicts.sorted())
        #expect(result.isClean == example.conflicts.isEmpty)
        #expect(try result.root == example.merged.map(tree))
        #expect(try merge(.ours).root == tree(example.forOurs ?? example.merged ?? [:]))
        #expect(try merge(.theirs).root == tree(example.forTheirs ?? example.merged ?? [:]))
    }

    @Test(arguments: 0..<16) func changesOfDifferentFilesCommute(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        let choices = [30, 600, 3_000][seed % 3]
        let files = maker.files(choices / 2, choices: choices)
        let changes = maker.changes(choices / 4, choices: choices)
        let here = changes.filter { $0.key.bytes.count % 2 == 0 }
        let there = changes.filter { $0.key.bytes.count % 2 == 1 }
        let base = try TreeWriter.build(files, objects)
        let ours = try TreeWriter.apply(edits(here), to: base, objects)
        let theirs = try TreeWriter.apply(edits(there), to: base, objects)
        let both = try TreeWriter.build(files.with(changes), objects)
        let result = try TreeMerge.merge(base: base, ours: ours, theirs: theirs, objects)
        #expect(result.root == both)
        #expect(try result.changes == TreeDiff(from: ours, to: both, objects: objects).all().count)
        #expect(try TreeMerge.merge(base: base, ours: theirs, theirs: ours, objects).root == both)
    }

    @Test(arguments: 0..<16) func everyConflictIsReportedAndSettled(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        let choices = [30, 600][seed % 2]
        let files = maker.files(choices / 2, choices: choices)
        let (here, there) = (maker.changes(choices / 3, choices: choices), maker.changes(choices / 3, choices: choices))
        let (ours, theirs) = (files.with(here), files.with(there))
        let base = try TreeWriter.build(files, objects)
        let (left, right) = (try TreeWriter.build(ours, objects), try TreeWriter.build(theirs, objects))
        let paths = Set(files.keys).union(ours.keys).union(theirs.keys)
        let contested = paths.filter { files[$0] != ours[$0] && files[$0] != theirs[$0] && ours[$0] != theirs[$0] }
        for strategy in MergeStrategy.allCases {
            let result = try TreeMerge.merge(base: base, ours: left, theirs: right, strategy: strategy, objects)
            #expect(Set(result.conflicts.map(\.path)) == contested)
            guard strategy != .fail else { continue }
            var expected = Files()
            for path in paths {
                let side = contested.contains(path) ? strategy == .ours : files[path] == theirs[path]
                expected[path] = side ? ours[path] : theirs[path]
            }
            #expect(try result.root == TreeWriter.build(expected, objects))
        }
    }

    @Test func moreChangesThanAreRememberedMergeAsWell() throws {
        let objects = InMemoryObjects()
        let count = Limits.rememberedPaths + 100
        let theirs = Files(uniqueKeysWithValues: (0..<count).map { (LakePath("d/\($0)"), .sample(1)) })
        let ours: Files = [LakePath("a"): .sample(1)]
        let base = try TreeWriter.empty(objects)
        let (left, right) = (try TreeWriter.build(ours, objects), try TreeWriter.build(theirs, objects))
        let result = try TreeMerge.merge(base: base, ours: left, theirs: right, objects)
        #expect(result.changes == count)
        #expect(try result.root == TreeWriter.build(ours.merging(theirs) { $1 }, objects))
        let inTheWay = try TreeWriter.build(["d": 1], objects)
        let additions = edits(theirs.mapValues(Optional.some))
        let error = #expect(throws: MartletError.self) { try TreeWriter.apply(additions, to: inTheWay, objects) }
        #expect(error?.code == .fileAndFolder)
    }

    @Test func aMergeCostsWhatChanged() throws {
        var maker = FileMaker(seed: 4)
        let objects = InMemoryObjects()
        let base = try TreeWriter.build(maker.files(12_000, choices: 24_000), objects)
        let ours = try TreeWriter.apply([TreeEdit(path: LakePath("new/a"), entry: .sample(1))], to: base, objects)
        let theirs = try TreeWriter.apply([TreeEdit(path: LakePath("d3/new"), entry: .sample(1))], to: base, objects)
        let counting = CountingWriter(objects)
        let result = try TreeMerge.merge(base: base, ours: ours, theirs: theirs, counting)
        #expect(result.changes == 1)
        #expect(counting.reads < 60)
    }
}
