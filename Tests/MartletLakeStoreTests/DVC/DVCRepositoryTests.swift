import Foundation
import MartletCore
import MartletLake
import MartletLakeStore
import Testing

/// Imports and exports without DVC; `Tests/Peers/dvc_interop.py` has the real one judge them.
struct DVCRepositoryTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-dvc-\(UUID().uuidString)").path

    private func write(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
    }

    /// A repository with a file, a directory and a file of DVC 2.
    private func makeRepository() throws {
        func store(_ text: String, suffix: String = "", below: String = "files/md5/") throws -> MD5Digest {
            let md5 = MD5Digest(of: Array(text.utf8))
            try write("r/.dvc/cache/\(below)\(md5.hex.prefix(2))/\(md5.hex.dropFirst(2))\(suffix)", text)
            return md5
        }
        try write("r/.dvc/config", "")
        let entries = [
            DVCDirectory.Entry(path: Array("sub/a".utf8), md5: try store("a")),
            DVCDirectory.Entry(path: Array("b".utf8), md5: try store("b")),
        ]
        let directory = DVCDirectory(entries)
        _ = try store(String(decoding: directory.encoded, as: UTF8.self), suffix: ".dir")
        let out = DVCOutput(path: "data", content: .directory(directory.md5), size: 2, fileCount: 2)
        try write("r/data.dvc", "# kept\n" + DVCFile(outs: [out]).text)
        let file = DVCOutput(path: "x.txt", content: .file(try store("x")), size: 1, isExecutable: true)
        try write("r/deep/x.txt.dvc", DVCFile(outs: [file]).text)
        // The hash is that of the text without carriage returns.
        try write("r/.dvc/cache/20/94b601daac3d68f5aed51d3c20f7cd", "one\r\ntwo\r\n")
        try write("r/old.dvc", "outs:\n- md5: 2094b601daac3d68f5aed51d3c20f7cd\n  size: 10\n  path: old\n")
    }

    private func configuration(allowsMissing: Bool = false) -> DVCImport.Configuration {
        DVCImport.Configuration(
            allowsMissing: allowsMissing,
            author: "ada@engine",
            time: Timestamp(seconds: 1_700_000_000)
        )
    }

    @Test func whatGoesInComesOutTheSame() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try makeRepository()
        let lake = try Lake.open("\(folder)/lake")
        let repository = try DVCRepository.find(from: "\(folder)/r/deep")
        let report = try DVCImport(repository, into: lake, configuration()).run()
        #expect(report.problems.isEmpty)
        #expect(report.files == 4)
        #expect(try DVCImport(repository, into: lake, configuration()).run().commits.isEmpty)
        let commit = try #require(report.head)
        let exported = try DVCExport(commit, of: lake, to: "\(folder)/e", .init(remote: "\(folder)/remote")).run()
        #expect(exported.outs == ["data", "deep/x.txt", "old"])
        for file in ["data.dvc", "deep/x.txt.dvc", "old.dvc"] { #expect(try text("e/\(file)") == text("r/\(file)")) }
        #expect(try text("e/data/sub/a") == "a")
        #expect(try text("e/old") == "one\r\ntwo\r\n")
        #expect(try text("e/.dvc/cache/20/94b601daac3d68f5aed51d3c20f7cd") == "one\r\ntwo\r\n")
        #expect(FileManager.default.isExecutableFile(atPath: "\(folder)/e/deep/x.txt"))
        let names = { (place: String) in try Set(FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(place)"))
        }
        #expect(try names("e/.dvc/cache") == names("r/.dvc/cache"))
        #expect(try names("remote") == names("r/.dvc/cache"))
    }

    @Test func whatIsMissingOrDamagedIsNamed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try makeRepository()
        let lake = try Lake.open("\(folder)/lake")
        let a = MD5Digest(of: [0x61]).hex
        try write("r/.dvc/cache/files/md5/\(a.prefix(2))/\(a.dropFirst(2))", "b")
        try FileManager.default.removeItem(atPath: "\(folder)/r/.dvc/cache/20")
        let repository = try DVCRepository.find(from: "\(folder)/r")
        let error = #expect(throws: MartletError.self) { try DVCImport(repository, into: lake, configuration()).run() }
        #expect(error?.code == .trackedFileMissing)
        #expect(error?.reason?.contains("data/sub/a") == true)
        let report = try DVCImport(repository, into: lake, configuration(allowsMissing: true)).run()
        #expect(report.files == 2)
        #expect(report.problems.map(\.kind) == [.damaged, .missing])
        #expect(report.problems.map(\.path) == ["data/sub/a", "old"])
        // The workspace mends it.
        try write("r/data/sub/a", "a")
        try write("r/old", "one\r\ntwo\r\n")
        #expect(try DVCImport(repository, into: lake, configuration()).run().files == 4)
    }

    @Test func filesThatNobodyKeptAreNotReplaced() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try makeRepository()
        let lake = try Lake.open("\(folder)/lake")
        let report = try DVCImport(DVCRepository.find(from: "\(folder)/r"), into: lake, configuration()).run()
        let commit = try #require(report.head)
        try write("e/data/b", "mine")
        let error = #expect(throws: MartletError.self) { try DVCExport(commit, of: lake, to: "\(folder)/e").run() }
        #expect(error?.code == .cannotExport)
        #expect(try text("e/data/b") == "mine")
        _ = try DVCExport(commit, of: lake, to: "\(folder)/e", .init(replaces: true)).run()
        #expect(try text("e/data/b") == "b")
    }

    @Test func aFolderWithoutDVCIsAnError() {
        let error = #expect(throws: MartletError.self) { try DVCRepository.find(from: "/") }
        #expect(error?.code == .notADVCRepository)
    }
}
