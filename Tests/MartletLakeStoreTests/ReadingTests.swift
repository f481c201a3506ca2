import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

struct ReadingTests {
    @Test(arguments: [0, 1, 5_000, 262_144, 3_000_000])
    func aFileComesOutAsItWentIn(_ size: Int) throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: UInt64(size))
        let content = random.bytes(size)
        let path = try scratch.write(content, to: "in")
        chmod(path, 0o755)
        let added = try lake.write { writer throws(MartletError) in try writer.add(fileAt: path) }
        let stamp = try lake.write(added.entry, to: scratch.path + "/out")
        #expect(try scratch.read("out") == content)
        #expect(stamp.isExecutable)
        #expect(stamp.size == size)
        let error = #expect(throws: MartletError.self) { try lake.write(added.entry, to: scratch.path + "/out") }
        #expect(error?.code == .fileInTheWay)
        try scratch.write([1], to: "out")
        let again = try lake.write(added.entry, to: scratch.path + "/out", replacing: true)
        #expect(try scratch.read("out") == content)
        // What is said of it is what the file system says of it.
        var info = stat()
        #expect(stat(scratch.path + "/out", &info) == 0)
        #expect(again == FileStamp(info))
    }

    @Test func manyFilesGoToTheirFolders() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 9)
        var files: [FilePlacement] = []
        for number in 0..<300 {
            let content = random.bytes(Int(random.next() % 4_000) + (number % 97 == 0 ? 300_000 : 0))
            let path = try scratch.write(content, to: "in/\(number)")
            let added = try lake.write { writer throws(MartletError) in try writer.add(fileAt: path) }
            files.append(
                FilePlacement(
                    path: LakePath(trusted: Array("a\(number % 5)/b/c\(number % 3)/\(number)".utf8)),
                    entry: added.entry
                )
            )
        }
        try FileManager.default.createDirectory(atPath: scratch.path + "/out", withIntermediateDirectories: true)
        let stamps = try lake.write(files, into: scratch.path + "/out")
        #expect(stamps.map(\.size) == files.map(\.entry.size))
        for file in files {
            #expect(ObjectID(hashing: try scratch.read("out/\(file.path)")) == file.entry.content)
        }
        #expect(try lake.write(files, into: scratch.path + "/out", replacing: true).count == 300)
    }

    @Test func noLinkLeadsOutOfTheFolder() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let path = try scratch.write([1], to: "in")
        let added = try lake.write { writer throws(MartletError) in try writer.add(fileAt: path) }
        for folder in ["out", "other"] {
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/\(folder)",
                withIntermediateDirectories: true
            )
        }
        #expect(symlink("../other", scratch.path + "/out/a") == 0)
        #expect(symlink("../other/x", scratch.path + "/out/x") == 0)
        for name in ["a/b", "a/b/c"] {
            let file = FilePlacement(path: LakePath(trusted: Array(name.utf8)), entry: added.entry)
            for replacing in [false, true] {
                let error = #expect(throws: MartletError.self) {
                    try lake.write([file], into: scratch.path + "/out", replacing: replacing)
                }
                #expect(error?.code == .fileInTheWay)
            }
        }
        // A link in the place of the file itself is replaced, not followed.
        let file = FilePlacement(path: LakePath(trusted: Array("x".utf8)), entry: added.entry)
        _ = try lake.write([file], into: scratch.path + "/out", replacing: true)
        #expect(try scratch.names(in: "other") == [])
        let linked = #expect(throws: MartletError.self) {
            try lake.write { writer throws(MartletError) in
                try writer.add(filesAt: [LakePath(trusted: Array("out/a/y".utf8))], in: scratch.path)
            }
        }
        #expect(linked?.code == .sourceUnreadable)
    }

    @Test func namesOfAnyBytesComeAndGo() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        // Every byte but NUL and the slash, in names of their own.
        let paths = (1...255).filter { $0 != 0x2f && $0 != 0x2e }.map { LakePath(trusted: [UInt8($0)]) }
        let path = try scratch.write([7], to: "in")
        let added = try lake.write { writer throws(MartletError) in try writer.add(fileAt: path) }
        try FileManager.default.createDirectory(atPath: scratch.path + "/out", withIntermediateDirectories: true)
        _ = try lake.write(paths.map { FilePlacement(path: $0, entry: added.entry) }, into: scratch.path + "/out")
        let back = try lake.write { writer throws(MartletError) in
            try writer.add(filesAt: paths, in: scratch.path + "/out")
        }
        #expect(back.allSatisfy { $0.entry.content == added.entry.content })
    }
}
