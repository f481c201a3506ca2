import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

/// The walk over real folders.
struct FolderWalkTests {
    let folder: WorkspaceFolder

    init() throws { folder = try WorkspaceFolder() }

    /// All that a walk finds: keys, with `!` and the reason for what is refused.
    private func walk(_ scopes: [String] = [""]) throws -> [String] {
        let root = try FolderRoot(folder.path)
        let scopes = try scopes.map { try root.scope(Array($0.utf8), isTracked: false) }
        let walk = FolderWalk(root, scopes: WalkScope.ordered(scopes))
        var found: [String] = []
        while let next = try walk.next() {
            switch next {
            case .file, .link: found.append(DisplayBytes.text(of: walk.path))
            case .refused(let reason): found.append("!\(reason) \(DisplayBytes.text(of: walk.path))")
            }
        }
        return found
    }

    @Test func filesComeInTheOrderOfKeys() throws {
        let names = ["a/x", "a.b", "a-", "a0", "b/c/d", "b/c.d", "b/c/", "z", "B", "b/c0/e"].filter {
            !$0.hasSuffix("/")
        }
        for name in names { try folder.write(name) }
        folder.write(bytes: [0x61, 0xff], "")
        let found = try walk()
        #expect(found == ["B", "a-", "a.b", "a/x", "a0", "a\\xff", "b/c.d", "b/c/d", "b/c0/e", "z"])
    }

    @Test func manyFoldersAndFiles() throws {
        var names: [String] = []
        for outer in 0..<7 {
            for inner in 0..<5 { names += (0..<9).map { "d\(outer)/e\(inner)/f\($0)" } }
        }
        for index in 0..<2_500 { names.append("many/f\(index)") }
        for name in names { try folder.write(name) }
        let sorted = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(try walk() == sorted)
        // Left off in the middle, it gives back what it holds.
        let root = try FolderRoot(folder.path)
        let some = FolderWalk(root, scopes: [WalkScope(path: [], kind: .folder)])
        for _ in 0..<10 { _ = try some.next() }
    }

    @Test func scopesAreOrderedAndNotDoubled() throws {
        for name in ["a/x", "a/y/z", "a.b", "c"] { try folder.write(name) }
        #expect(try walk(["c", "a", "a.b", "a/y", "a", "gone"]) == ["a.b", "a/x", "a/y/z", "c"])
        #expect(try walk(["a/y", ""]) == ["a.b", "a/x", "a/y/z", "c"])
        #expect(try walk(["a/y/z"]) == ["a/y/z"])
    }

    @Test func whatIsReservedOrIgnoredIsLeftOut() throws {
        for name in [".martlet/db", ".git/HEAD", "x/.git/HEAD", "x/a.tmp", "x/y/b.tmp", "x/y/c.tmp", "x/d", "cache/e"] {
            try folder.write(name)
        }
        try folder.write(".martletignore", "*.tmp\ncache/\n")
        try folder.write("x/y/.martletignore", "!c.tmp\n")
        #expect(try walk() == [".martletignore", "x/d", "x/y/.martletignore", "x/y/c.tmp"])
        #expect(try walk(["x/y"]) == ["x/y/.martletignore", "x/y/c.tmp"])
        for (path, word) in [("cache/e", "cache/"), ("x/a.tmp", "*.tmp"), (".git", "tools"), ("x/.git/HEAD", "tools")] {
            let error = #expect(throws: MartletError.self) { try walk([path]) }
            #expect(error?.code == .pathUnaddable && error?.reason?.contains(word) == true, "\(path)")
        }
    }

    @Test func linksInsideAreFilesAndOthersAreRefused() throws {
        for name in ["data/a", ".martlet/secret"] { try folder.write(name) }
        try folder.link("inside", to: "data/a")
        try folder.link("twice", to: "inside")
        try folder.link("outside", to: "/etc/hostname")
        try folder.link("broken", to: "nowhere")
        try folder.link("folder", to: "data")
        try folder.link("own", to: ".martlet/secret")
        try folder.link("data/up", to: "../data/a")
        mkfifo("\(folder.path)/pipe", 0o644)
        #expect(
            try walk() == [
                "!brokenLink broken", "data/a", "data/up", "!linkToFolder folder", "inside", "!linkOutside outside",
                "!linkOutside own", "!notAFile pipe", "twice",
            ]
        )
    }
}
