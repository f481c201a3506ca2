import MartletCore
import MartletLake
import Testing

struct TreeReadingTests {
    @Test func filesAreFoundByTheirPaths() throws {
        var maker = FileMaker(seed: 7)
        let objects = InMemoryObjects()
        let files = maker.files(9_000, choices: 12_000)
        let tree = TreeReader(root: try TreeWriter.build(files, objects), objects: objects)
        #expect(try tree.count == files.count)
        for _ in 0..<500 {
            let path = maker.path(12_000)
            #expect(try tree.entry(at: path) == files[path])
        }
        for folder in ["d1", "d1/e2", "d9/e6", "f3.csv", "d", "nothing", "d1/e2/f9"] {
            let within = files.filter { $0.key.isWithin(Array(folder.utf8)) }
            #expect(try tree.files(within: folder) == within)
            #expect(try tree.count(within: Array(folder.utf8)) == within.count, "\(folder)")
        }
    }

    @Test(arguments: [
        ("", ["a-b/x", "a.b", "a/b", "a/c/d", "a/c/e", "a0", "b"]),
        ("a", ["a/b", "a/c/d", "a/c/e"]),
        ("a/c", ["a/c/d", "a/c/e"]),
        ("a.b", ["a.b"]),
        ("b", ["b"]),
        ("c", []),
    ])
    func aFolderIsWhatLiesBelowIt(folder: String, paths: [String]) throws {
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(
            ["a-b/x": 1, "a.b": 2, "a/b": 3, "a/c/d": 4, "a/c/e": 5, "a0": 6, "b": 7],
            objects
        )
        let tree = TreeReader(root: root, objects: objects)
        #expect(try tree.files(within: folder).keys.map(\.display).sorted() == paths)
        #expect(try tree.count(within: Array(folder.utf8)) == paths.count)
    }

    @Test func aCursorGoesOnBehindAPathAndPastAFolder() throws {
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(["a": 1, "b/c": 2, "b/d": 3, "b0": 4, "e": 5], objects)
        var cursor = TreeReader(root: root, objects: objects).cursor(after: LakePath("a"))
        #expect(try cursor.next()?.path == LakePath("b/c"))
        cursor.skip(Array("b".utf8))
        #expect(try cursor.next()?.path == LakePath("b0"))
        cursor.seek(to: LakePath("a"))
        #expect(try cursor.next()?.path == LakePath("e"))
        #expect(try cursor.next() == nil)
        #expect(try cursor.next() == nil)
    }

    @Test(arguments: [
        ("", "a-b/ a.b a/ b"), ("a", "a/b a/c/ a/d-e/ a/d/"), ("a/c", "a/c/d a/c/e"), ("b", "b"), ("q", ""),
    ])
    func aFolderShowsWhatLiesRightInIt(folder: String, contents: String) throws {
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(
            ["a-b/x": 1, "a-b/y": 1, "a.b": 2, "a/b": 3, "a/c/d": 4, "a/c/e": 5, "a/d-e/f": 1, "a/d/e": 1, "b": 7],
            objects
        )
        var cursor = TreeReader(root: root, objects: objects).contents(of: Array(folder.utf8))
        var found: [String] = []
        while let item = try cursor.next() { found.append(item.path.display + (item.isFolder ? "/" : "")) }
        #expect(found.joined(separator: " ") == contents)
    }

    @Test func aLongSearchReadsFewNodes() throws {
        var maker = FileMaker(seed: 3)
        let files = maker.files(10_000, choices: 20_000)
        let objects = InMemoryObjects()
        let root = try TreeWriter.build(files, objects)
        let counting = CountingReader(objects)
        var cursor = TreeReader(root: root, objects: counting).cursor(after: LakePath("d5"))
        _ = try cursor.next()
        #expect(counting.reads < 6)
        cursor.seek(to: LakePath("f9"))
        _ = try cursor.next()
        #expect(counting.reads < 10)
        #expect(try TreeReader(root: root, objects: counting).count(within: Array("d3".utf8)) > 300)
        #expect(counting.reads < 22)
    }
}
