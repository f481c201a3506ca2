import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

/// Branches, merges and checkouts over real files.
struct WorkingTreeVersionTests {
    let test: TestTree
    private var folder: WorkspaceFolder { test.folder }

    init() throws { test = try TestTree() }

    @Test(arguments: LinkMode.allCases) func thereAndBack(_ link: LinkMode) throws {
        try test.commit(["data/a": "1", "data/b/c": "2", "data/same": "s"])
        try test.commit(["data/a": "one", "data/b/c": nil, "data/d/e": "3"])
        do {
            let report = try test.checkout("main~1", link: link)
            #expect((report.written, report.removed, report.unchanged) == (2, 1, 1))
        } catch let error as MartletError where link == .reflink {
            // Most file systems cannot.
            #expect(error.code == .linkUnsupported)
            return
        }
        #expect(folder.read("data/a") == "1" && folder.read("data/b/c") == "2" && folder.read("data/d/e") == nil)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/data/d"))
        #expect(try test.status() == "||")
        #expect(try test.tree.position().state.branch == nil)
        _ = try test.checkout("main", link: link)
        #expect(folder.read("data/a") == "one" && folder.read("data/b/c") == nil && folder.read("data/d/e") == "3")
        #expect(try test.status() == "||" && test.tree.position().state.branch == .main)
    }

    @Test func hardLinksAreReadOnlyAndShareSpace() throws {
        try test.commit(["data/a": "same", "data/b": "same"])
        for name in ["data/a", "data/b"] { try folder.remove(name) }
        _ = try test.checkout("main", link: .hardlink)
        var first = stat()
        var second = stat()
        stat("\(folder.path)/data/a", &first)
        stat("\(folder.path)/data/b", &second)
        #expect(first.st_ino == second.st_ino && first.st_mode & 0o777 == 0o444)
        #expect(try test.status() == "||")
    }

    @Test func workIsNeverOverwritten() throws {
        try test.commit(["data/a": "1", "data/gone": "g"])
        try test.commit(["data/a": "2", "data/gone": nil, "data/new": "n"])
        _ = try test.checkout("main~1")
        try folder.write("data/a", "mine")
        try folder.write("data/new", "mine too")
        try folder.write("data/gone", "G")
        try folder.write("data/unrelated", "u")
        let error = #expect(throws: MartletError.self) { try test.checkout("main") }
        #expect(error?.code == .filesInTheWay && error?.reason == "data/a\ndata/gone\ndata/new")
        #expect(folder.read("data/a") == "mine" && folder.read("data/new") == "mine too")
        #expect(try test.tree.position().state.branch == nil)
        let report = try test.checkout("main", isForced: true)
        #expect(report.written == 2 && folder.read("data/a") == "2" && folder.read("data/unrelated") == "u")
        #expect(folder.read("data/gone") == nil)
    }

    @Test func changesThatDoNotMeetGoAlong() throws {
        try test.commit(["data/a": "1", "data/b": "1"])
        try test.branch("other")
        try test.commit(["data/a": "2"])
        try folder.write("data/b", "changed")
        try folder.write("data/staged", "s")
        try test.add("data/staged")
        let report = try test.checkout("other")
        #expect(report.left == 1 && folder.read("data/a") == "1" && folder.read("data/b") == "changed")
        #expect(try test.status() == "+data/staged|~data/b|")
        try folder.write("data/a", "mine")
        try test.add("data/a")
        let error = #expect(throws: MartletError.self) { try test.checkout("main") }
        #expect(error?.code == .stagedInTheWay && error?.reason == "data/a")
    }

    @Test func filesAndFoldersChangePlaces() throws {
        try test.commit(["data/a": "file"])
        try folder.remove("data/a")
        try test.commit(["data/a/b": "in a folder"])
        _ = try test.checkout("main~1")
        #expect(folder.read("data/a") == "file")
        _ = try test.checkout("main")
        #expect(folder.read("data/a/b") == "in a folder")
        try folder.write("data/a/own", "mine")
        let error = #expect(throws: MartletError.self) { try test.checkout("main~1", isForced: true) }
        #expect(error?.code == .filesInTheWay && folder.read("data/a/own") == "mine")
    }

    @Test func nothingIsWrittenThroughALink() throws {
        try test.commit(["data/sub/a": "1"])
        let outside = try WorkspaceFolder()
        try FileManager.default.removeItem(atPath: "\(folder.path)/data/sub")
        try folder.link("data/sub", to: outside.path)
        for isForced in [false, true] {
            let error = #expect(throws: MartletError.self) { try test.checkout("main", isForced: isForced) }
            #expect(error?.code == .filesInTheWay)
        }
        #expect(outside.read("a") == nil)
    }

    @Test func branchesAreMerged() throws {
        try test.commit(["data/a": "1", "data/b": "1"])
        try test.branch("side")
        _ = try test.checkout("side")
        let side = try test.commit(["data/b": "side", "data/new": "n"], "Side")
        _ = try test.checkout("main")
        let main = try test.commit(["data/a": "main"], "Main")
        var report = try test.tree.merge(side, named: "side", isTrial: true, by: test.author)
        #expect(report.changes == 2 && report.result == nil && !report.isFastForward)
        #expect(try test.lake.refs.head(of: .branch(.main)) == main)
        report = try test.tree.merge(side, named: "side", by: test.author)
        let merged = try #require(report.result)
        #expect(try test.files(of: merged.commit) == ["data/a": "main", "data/b": "side", "data/new": "n"])
        #expect(folder.read("data/b") == "side" && folder.read("data/new") == "n" && merged.files.written == 2)
        let record = try test.tree.record(of: merged.commit)
        #expect(record.parents == [main, side] && record.message == "Merge side into main")
        #expect(try test.status() == "||")
        #expect(try test.tree.merge(side, named: "side", by: test.author).isUpToDate)
        // The other one only has to go forward.
        let forward = try test.tree.merge(
            merged.commit,
            named: "main",
            into: BranchName(trusted: "side"),
            by: test.author
        )
        #expect(forward.isFastForward && forward.result?.commit == merged.commit)
    }

    @Test func aConflictChangesNothing() throws {
        try test.commit(["data/a": "1"])
        try test.branch("side")
        _ = try test.checkout("side")
        let side = try test.commit(["data/a": "side"])
        _ = try test.checkout("main")
        let main = try test.commit(["data/a": "main"])
        let report = try test.tree.merge(side, named: "side", by: test.author)
        #expect(report.conflictCount == 1 && report.conflicts.first?.path.display == "data/a" && report.result == nil)
        #expect(try test.lake.refs.head(of: .branch(.main)) == main && folder.read("data/a") == "main")
        let settled = try test.tree.merge(side, named: "side", strategy: .theirs, by: test.author)
        #expect(settled.result != nil && folder.read("data/a") == "side")
    }

    @Test func aMergeDoesNotBeginOverStagedOrChangedFiles() throws {
        try test.commit(["data/a": "1"])
        try test.branch("side")
        _ = try test.checkout("side")
        let side = try test.commit(["data/a": "side"])
        _ = try test.checkout("main")
        try test.commit(["data/b": "2"])
        try folder.write("data/a", "mine")
        var error = #expect(throws: MartletError.self) { try test.tree.merge(side, named: "side", by: test.author) }
        #expect(error?.code == .filesInTheWay && folder.read("data/a") == "mine")
        try test.add("data")
        error = #expect(throws: MartletError.self) { try test.tree.merge(side, named: "side", by: test.author) }
        #expect(error?.code == .stagedInTheWay)
    }

    @Test func commitsAreRevertedAndPicked() throws {
        try test.commit(["data/a": "1", "data/b": "1"])
        let second = try test.commit(["data/a": "2", "data/c": "c"], "Second")
        try test.commit(["data/b": "3"])
        _ = try test.tree.revert(second, by: test.author)
        #expect(folder.read("data/a") == "1" && folder.read("data/b") == "3" && folder.read("data/c") == nil)
        _ = try test.tree.cherryPick(second, by: test.author)
        #expect(folder.read("data/a") == "2" && folder.read("data/c") == "c")
        let record = try test.tree.record(of: test.tree.resolve("HEAD"))
        #expect(record.message == "Second" && record.metadata["cherry-pick.of"] == second.hex)
        let error = #expect(throws: MartletError.self) { try test.tree.cherryPick(second, by: test.author) }
        #expect(error?.code == .nothingToCommit)
        #expect(try test.status() == "||")
    }

    @Test func resetAndRestore() throws {
        let first = try test.commit(["data/a": "1", "data/b": "1"])
        try test.commit(["data/a": "2"])
        try folder.write("data/b", "changed")
        try test.add("data")
        _ = try test.tree.restore([Array("data/b".utf8)], isStaging: true)
        #expect(try test.status() == "|~data/b|")
        _ = try test.tree.restore([Array("data/b".utf8)], isStaging: false)
        #expect(folder.read("data/b") == "1")
        _ = try test.tree.reset(to: first, isHard: false, by: test.author)
        #expect(try test.status() == "|~data/a|" && test.lake.refs.head(of: .branch(.main)) == first)
        _ = try test.tree.reset(to: first, isHard: true, by: test.author)
        #expect(try test.status() == "||" && folder.read("data/a") == "1")
    }

    @Test func someFilesOfAnotherCommit() throws {
        try test.commit(["data/a": "1", "data/b": "1"])
        try test.commit(["data/a": "2", "data/b": "2"])
        _ = try test.tree.checkout([Array("data/a".utf8)], of: test.tree.resolve("main~1"))
        #expect(folder.read("data/a") == "1" && folder.read("data/b") == "2")
        #expect(try test.status() == "~data/a||")
    }

    @Test func protectedBranchesTakeMergesOnly() throws {
        try test.commit(["data/a": "1"])
        try test.branch("side")
        try test.tree.protect(.main, true)
        try folder.write("data/a", "2")
        try test.add("data")
        var error = #expect(throws: MartletError.self) { try test.commit() }
        #expect(error?.code == .branchProtected)
        _ = try test.checkout("side")
        let side = try test.commit()
        error = #expect(throws: MartletError.self) {
            try test.tree.deleteBranch(.main, isForced: true, by: test.author)
        }
        #expect(error?.code == .branchProtected)
        _ = try test.checkout("main")
        #expect(try test.tree.merge(side, named: "side", by: test.author).result != nil)
        error = #expect(throws: MartletError.self) {
            try test.tree.reset(to: test.tree.resolve("HEAD~1"), isHard: true, by: test.author)
        }
        #expect(error?.code == .branchProtected)
    }

    /// A run publishes to the branch that is checked out.
    @Test func aBranchThatOthersMove() throws {
        let first = try test.commit(["data/a": "1", "data/b": "1"])
        let root = try test.tree.record(of: first).root
        func publish(_ path: String, _ text: String) throws -> ObjectID {
            let head = try #require(try test.lake.refs.head(of: .branch(.main)))
            let author = test.author
            let id = try test.lake.write { writer throws(MartletError) in
                let content = try writer.put(Array(text.utf8), as: .data)
                let entry = FileEntry(content: content, md5: .zero, size: text.utf8.count)
                let tree = try CommitRecord(encoded: writer.object(head), id: head).root
                let edit = TreeEdit(path: try LakePath(validating: path.utf8), entry: entry)
                let root = try TreeWriter.apply([edit], to: tree, writer)
                let record = CommitRecord(parents: [head], root: root, author: "run", time: author.time, message: "Run")
                return try writer.put(record.encoded, as: .commit)
            }
            try test.lake.move(branch: .main, from: head, to: id, by: "run", why: "publish", at: author.time)
            return id
        }
        #expect(root != .zero)
        // What is not followed goes along at once.
        let run = try publish("flights/raw.csv", "rows")
        #expect(try test.status() == "||" && test.tree.position().state.base == run)
        // What is followed waits until it is asked for, and a commit brings both together.
        _ = try publish("data/b", "2")
        #expect(try test.tree.status().behind == 2)
        try folder.write("data/a", "mine")
        try test.add("data/a")
        let commit = try test.commit()
        #expect(try test.files(of: commit) == ["data/a": "mine", "data/b": "2", "flights/raw.csv": "rows"])
        #expect(folder.read("data/b") == "2" && folder.read("flights/raw.csv") == nil)
        #expect(try test.status() == "||")
        // When both changed one file, the commit is off.
        _ = try publish("data/a", "theirs")
        try folder.write("data/a", "mine again")
        try test.add("data/a")
        let error = #expect(throws: MartletError.self) { try test.commit() }
        #expect(error?.code == .stagedInTheWay && error?.reason == "data/a")
    }
}
