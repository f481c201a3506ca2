import MartletCore
import Testing

@testable import MartletLake

/// The root follows from the files alone.
struct TreeHistoryTests {
    @Test(arguments: 0..<30) func editsInAnyOrderMakeTheTreeOfTheirResult(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        let choices = [3, 40, 400, 2_000, 6_000][seed % 5]
        var files = maker.files(choices / 2, choices: choices)
        var root = try TreeWriter.build(files, objects)
        for _ in 0..<6 {
            let changes = maker.changes(
                maker.number(1..<max(2, choices / [1, 5, 50][maker.number(0..<3)])),
                choices: choices
            )
            files = files.with(changes)
            root = try TreeWriter.apply(edits(changes), to: root, objects)
            #expect(try root == TreeWriter.build(files, objects))
        }
        #expect(try TreeReader(root: root, objects: objects).files() == files)
        let removals = edits(files.mapValues { _ in nil })
        #expect(try TreeWriter.apply(removals, to: root, objects) == TreeWriter.empty(objects))
    }

    @Test(arguments: 0..<6) func fewFilesThatStayMakeASmallTree(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        let files = maker.files(8_000, choices: 12_000)
        let root = try TreeWriter.build(files, objects)
        // What stays is in one place, so that whole nodes are carried over and must shrink to a lower root.
        let paths = files.keys.sorted()
        let start = maker.number(0..<paths.count - 200)
        let kept = Set(paths[start..<start + maker.number(0..<200)])
        let changes = files.filter { !kept.contains($0.key) }.mapValues { _ in FileEntry?.none }
        let left = try TreeWriter.apply(edits(changes), to: root, objects)
        #expect(try left == TreeWriter.build(files.filter { kept.contains($0.key) }, objects))
    }

    @Test func keysThatNeverEndANodeAreCutOffAtTheLimit() throws {
        // Names whose hashes end no leaf, so that only the limit does.
        let names = (0..<200_000).lazy.map { LakePath("x\($0)") }.filter {
            !TreeBoundary.follows($0, level: 0, count: 2)
        }
        let files = Files(uniqueKeysWithValues: names.prefix(5_000).map { ($0, .sample(1)) })
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(files, objects)
        #expect(objects.count >= 5 && objects.count < 12)
        for path in [LakePath("w"), LakePath("x5"), LakePath("x99999z"), LakePath("y")] {
            let edit = TreeEdit(path: path, entry: .sample(2))
            let edited = try TreeWriter.apply([edit], to: root, objects)
            #expect(try edited == TreeWriter.build(files.with([path: .sample(2)]), objects))
            #expect(try TreeWriter.apply([TreeEdit(path: path, entry: files[path])], to: edited, objects) == root)
        }
    }

    @Test func keysThatAllEndNodesMakeATreeOfBoundedDepth() throws {
        let names = (0..<200_000).lazy.map { LakePath("x\($0)") }.filter { path in
            (0..<2).allSatisfy { TreeBoundary.follows(path, level: $0, count: 2) }
        }
        let files = Files(uniqueKeysWithValues: names.map { ($0, .sample(1)) })
        #expect(files.count > 20)
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(files, objects)
        #expect(try TreeReader(root: root, objects: objects).files() == files)
    }

    @Test func theFormatStaysAsItIs() throws {
        let objects = InMemoryObjects()
        let empty = try TreeWriter.empty(objects)
        #expect(empty.hex == Golden.empty)
        let three = try TreeWriter.build(["a": 1, "b/c": 5, "b/d": 7], objects)
        #expect(three.hex == Golden.three)
        var maker = FileMaker(seed: 1)
        let many = try TreeWriter.build(maker.files(6_000, choices: 18_000), objects)
        #expect(many.hex == Golden.many)
        let files: Files = [LakePath("d/a"): .sample(1, dataset: "d"), LakePath("d/b"): .sample(2, dataset: "d")]
        let owned = try TreeWriter.build(files, objects)
        #expect(owned.hex == Golden.owned)
    }

    /// A change of these makes every lake unreadable or doubles it: a new format needs a new first line.
    private enum Golden {
        static let empty = "0f929f07554ab9615ed2f2470be5746399064692e8d3ca04872c3c8e09179dd6"
        static let three = "0be3ee3b30a75775cf7d36f253fc50d689117ae41b42e408ef17f3f97e5bdede"
        static let many = "606cb9108c0885c51ae7b240a4ce9acbce9072b1355c04043cfa772bf52ccce1"
        static let owned = "e37771e0016e5acb828fbcef3a740fa96320f7d95af327f121465e17ac2b7dc5"
    }
}
