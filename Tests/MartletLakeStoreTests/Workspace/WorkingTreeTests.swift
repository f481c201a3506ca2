import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

/// Adding, status and commits over real files.
struct WorkingTreeTests {
    let test: TestTree
    private var folder: WorkspaceFolder { test.folder }

    init() throws { test = try TestTree() }

    @Test func fromTheFirstFileToASecondCommit() throws {
        #expect(try test.status() == "||")
        try folder.write("data/a", "one")
        try folder.write("data/b/c", "two")
        try folder.write("other", "no")
        var report = try test.add("data")
        #expect(report.added == 2 && report.unchanged == 0 && report.bytes == 6)
        #expect(try test.status() == "+data/a +data/b/c||")
        let first = try test.commit("First")
        #expect(try test.status() == "||")
        #expect(try test.files(of: first) == ["data/a": "one", "data/b/c": "two"])
        try folder.write("data/a", "ONE")
        try folder.write("data/new", "3")
        try folder.remove("data/b/c")
        #expect(try test.status() == "|~data/a -data/b/c|?data/new")
        report = try test.add("data")
        #expect((report.added, report.modified, report.removed, report.unchanged) == (1, 1, 1, 0))
        #expect(try test.status() == "~data/a -data/b/c +data/new||")
        let second = try test.commit("Second")
        #expect(try test.tree.record(of: second).parents == [first])
        #expect(try test.files(of: second) == ["data/a": "ONE", "data/new": "3"])
        let error = #expect(throws: MartletError.self) { try test.commit() }
        #expect(error?.code == .nothingToCommit)
    }

    /// The guard of the stamps: a file of the same size, written within the same step of the clock.
    @Test func aFileChangedRightAfterItWasAddedIsSeen() throws {
        for round in 0..<20 {
            try folder.write("data/a", "old\(round % 10)")
            try test.add("data")
            try folder.write("data/a", "new\(round % 10)")
            #expect(try test.status().contains("|~data/a|"), "round \(round)")
        }
    }

    @Test func filesAreReadAgainOnlyWhenTheirStampsCannotTell() throws {
        for index in 0..<50 { try folder.write("data/f\(index)", "\(index)") }
        try test.add("data")
        // What was too fresh is read once more, then known.
        _ = try test.tree.status()
        try waitForTheClock()
        _ = try test.tree.status()
        let position = try test.tree.position()
        let records = try test.tree.records(of: position.stagedRoot)
        var stamped = 0
        while try records.next() { if records.record.stamp != nil { stamped += 1 } }
        #expect(stamped == 50)
        // A new time with the old content is no change, and is noted.
        utimensat(AT_FDCWD, "\(folder.path)/data/f7", nil, 0)
        #expect(try test.status() == "+" + (0..<50).map { "data/f\($0)" }.sorted().joined(separator: " +") + "||")
        let report = try test.add("data")
        #expect(report.unchanged == 50 && report.added + report.modified == 0)
    }

    /// Until the file system's clock has gone a step on.
    private func waitForTheClock() throws {
        let start = try test.tree.fileSystemTime()
        while try test.tree.fileSystemTime() == start {}
    }

    @Test func anIndexThatIsLostOrOfAnotherTreeIsMadeGood() throws {
        try test.commit(["data/a": "1", "data/b": "2", "data/c": "3"])
        let index = test.tree.indexPath
        let old = try Data(contentsOf: URL(fileURLWithPath: index))
        try test.commit(["data/b": "two", "data/c": nil, "data/d": "4"])
        try old.write(to: URL(fileURLWithPath: index))
        #expect(try test.status() == "||")
        try Data("rubbish".utf8).write(to: URL(fileURLWithPath: index))
        #expect(try test.status() == "||")
        try FileManager.default.removeItem(atPath: index)
        #expect(try test.status() == "||")
        #expect(try test.add("data").unchanged == 3)
    }

    @Test func nothingIsStagedWhenAnythingCannotBe() throws {
        try folder.write("data/a", "1")
        try folder.link("data/broken", to: "nowhere")
        try folder.link("data/out", to: "/etc/hostname")
        let report = try test.add("data")
        #expect(report.problems.map(\.path.display) == ["data/broken", "data/out"])
        #expect(report.problems.allSatisfy { $0.error.code == .pathUnaddable && $0.error.remedy != nil })
        #expect(try test.tree.position().hasStaged == false && test.tree.position().state.tracked.isEmpty)
        try folder.write(".martletignore", "out\nbroken\n")
        #expect(try test.add("data").problems.isEmpty)
        #expect(try test.status() == "+data/a||")
    }

    @Test func linksInsideHaveTheContentOfTheirFiles() throws {
        try folder.write("data/a", "text")
        try folder.link("data/l", to: "a")
        try test.add("data")
        let commit = try test.commit()
        #expect(try test.files(of: commit) == ["data/a": "text", "data/l": "text"])
        try folder.write("data/a", "TEXT")
        #expect(try test.status() == "|~data/a ~data/l|")
    }

    @Test func namesOfAnyBytes() throws {
        try folder.write("data/plain", "0")
        let names: [[UInt8]] = [[0xff, 0xfe], Array("new\nline".utf8), Array("tab\tä\u{1b}[2J".utf8), [0x5c, 0x01]]
        for name in names { folder.write(bytes: Array("data/".utf8) + name, "x") }
        try test.add("data")
        try test.commit()
        #expect(try test.status() == "||")
        for name in names { unlink(RawPath.text(Array("\(folder.path)/data/".utf8) + name)) }
        #expect(try test.tree.status().changed.count == 4)
        #expect(try test.checkout("main").written == 4)
        #expect(try test.status() == "||")
    }

    @Test func whatIsFollowedIsNotHiddenByPatterns() throws {
        try test.commit(["data/keep.log": "1"])
        try folder.write(".martletignore", "*.log\n")
        try folder.write("data/other.log", "2")
        #expect(try test.status() == "||")
        try folder.write("data/keep.log", "changed")
        #expect(try test.status() == "|~data/keep.log|")
        #expect(try test.add("data").modified == 1)
    }

    @Test func pathsThatAreNowhere() throws {
        try test.commit(["data/labels.csv": "1"])
        let error = #expect(throws: MartletError.self) { try test.add("data/lables.csv") }
        #expect(error?.code == .pathUnknown && error?.remedy == "did you mean data/labels.csv?")
        let tree = test.tree
        #expect(
            try tree.key(Array("../data/./labels.csv".utf8), from: "\(folder.path)/data")
                == Array("data/labels.csv".utf8)
        )
        #expect(try tree.key(Array(".".utf8), from: folder.path) == [])
        #expect(try tree.key(Array("gone/x".utf8), from: "\(folder.path)/data") == Array("data/gone/x".utf8))
        #expect(throws: MartletError.self) { try tree.key(Array("../../x".utf8), from: "\(folder.path)/data") }
        #expect(throws: MartletError.self) { try tree.key(Array("/etc/passwd".utf8), from: folder.path) }
        try folder.link("way", to: "data")
        #expect(try tree.key(Array("way/labels.csv".utf8), from: folder.path) == Array("data/labels.csv".utf8))
    }

    @Test func aDamagedStateIsNamed() throws {
        try test.commit(["data/a": "1"])
        try Data("{".utf8).write(to: URL(fileURLWithPath: test.tree.statePath))
        let error = #expect(throws: MartletError.self) { try test.status() }
        #expect(error?.code == .workspaceDamaged)
        try FileManager.default.removeItem(atPath: test.tree.statePath)
        _ = try test.checkout("main")
        #expect(try test.status() == "||")
    }

    @Test func filesAreRenamedWithoutBeingRead() throws {
        try test.commit(["data/a": "1", "data/b/c": "2", "data/b/d": "3"])
        let (path, count) = try test.tree.rename(Array("data/b".utf8), to: Array("data/e".utf8))
        #expect(path.display == "data/e" && count == 2)
        #expect(try test.status() == "-data/b/c -data/b/d +data/e/c +data/e/d||")
        _ = try test.tree.rename(Array("data/a".utf8), to: Array("data/e".utf8))
        #expect(folder.read("data/e/a") == "1" && folder.read("data/a") == nil)
        try test.commit()
        #expect(try test.status() == "||")
        for (from, to, code) in [
            ("data/e", "data/e/x", ErrorCode.commandLineInvalid), ("data/x", "data/y", .pathUnknown),
            ("data/e/a", "data/e/c", .filesInTheWay),
        ] {
            let error = #expect(throws: MartletError.self) {
                try test.tree.rename(Array(from.utf8), to: Array(to.utf8))
            }
            #expect(error?.code == code)
        }
    }

    @Test func filesAreRemoved() throws {
        try test.commit(["data/a": "1", "data/b/c": "2", "data/d": "3"])
        #expect(try test.tree.remove([Array("data/b".utf8)], keepsFiles: false, isForced: false) == 1)
        #expect(folder.read("data/b/c") == nil && !FileManager.default.fileExists(atPath: "\(folder.path)/data/b"))
        #expect(try test.tree.remove([Array("data/a".utf8)], keepsFiles: true, isForced: false) == 1)
        #expect(try test.status() == "-data/a -data/b/c||?data/a")
        try folder.write("data/d", "changed")
        let error = #expect(throws: MartletError.self) {
            try test.tree.remove([Array("data/d".utf8)], keepsFiles: false, isForced: false)
        }
        #expect(error?.code == .filesInTheWay && folder.read("data/d") == "changed")
        #expect(try test.tree.remove([Array("data/d".utf8)], keepsFiles: false, isForced: true) == 1)
        #expect(folder.read("data/d") == nil)
    }
}
