import MartletCore
import MartletLake
import Testing

struct TreeDiffTests {
    @Test(arguments: 0..<16) func differencesAreThoseOfTheTables(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        let objects = InMemoryObjects()
        let choices = [3, 100, 1_000, 6_000][seed % 4]
        let old = maker.files(choices / 2, choices: choices)
        let new = old.with(maker.changes(maker.number(0..<choices), choices: choices))
        let from = try TreeWriter.build(old, objects)
        let to = try TreeWriter.build(new, objects)
        for folder in ["", "d3", "d3/e1", "f9.csv", "none"] {
            let expected = Set(old.keys).union(new.keys).sorted().filter { path in
                path.isWithin(Array(folder.utf8)) && old[path] != new[path]
            }.map { TreeChange(path: $0, old: old[$0], new: new[$0]) }
            let diff = TreeDiff(from: from, to: to, objects: objects, within: Array(folder.utf8))
            #expect(try diff.all() == expected)
        }
    }

    @Test func aDifferenceCostsWhatDiffers() throws {
        var maker = FileMaker(seed: 4)
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(maker.files(12_000, choices: 24_000), objects)
        let edited = try TreeWriter.apply(edits(maker.changes(5, choices: 24_000)), to: root, objects)
        let counting = CountingReader(objects)
        #expect(try !TreeDiff(from: root, to: edited, objects: counting).all().isEmpty)
        #expect(counting.reads < 50)
        let same = CountingReader(objects)
        #expect(try TreeDiff(from: root, to: root, objects: same).all().isEmpty)
        #expect(same.reads == 0)
    }

    @Test(arguments: [("a", "a/b"), ("a/b", "a"), ("a/b/c", "a/b/c/d/e"), ("x/y", "x")])
    func aFileAndAFolderCannotHaveOneName(present: String, added: String) throws {
        let objects = InMemoryObjects()
        var files: Files = [LakePath(present): .sample(1)]
        for name in ["a-b", "a.b/c", "a-b-c", "x-", "x.", "zz"] { files[LakePath(name + "q")] = .sample(2) }
        let root = try TreeWriter.build(files, objects)
        let edit = TreeEdit(path: LakePath(added), entry: .sample(3))
        let error = #expect(throws: MartletError.self) { try TreeWriter.apply([edit], to: root, objects) }
        #expect(error?.code == .fileAndFolder)
        files[LakePath(added)] = .sample(3)
        #expect(throws: MartletError.self) { try TreeWriter.build(files, objects) }
        // Together with the removal of the other it is fine.
        let both = [edit, TreeEdit(path: LakePath(present), entry: nil)].sorted { $0.path < $1.path }
        files[LakePath(present)] = nil
        #expect(try TreeWriter.apply(both, to: root, objects) == TreeWriter.build(files, objects))
    }

    @Test func editsOutOfOrderAreRefused() throws {
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(["a": 1], objects)
        let edits = ["c", "b"].map { TreeEdit(path: LakePath($0), entry: nil) }
        #expect(throws: MartletError.self) { try TreeWriter.apply(edits, to: root, objects) }
    }
}
