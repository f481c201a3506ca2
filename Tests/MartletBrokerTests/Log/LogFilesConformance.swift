import Foundation
import MartletCore
import Testing

@testable import MartletBroker

@Suite("Files of logs")
struct LogFilesConformance {
    @Test("Are written, read, cut, renamed and removed", arguments: [true, false])
    func basics(isReal: Bool) throws {
        try Storage.with(isReal: isReal) { files, folder in
            #expect(try files.list(folder) == [])
            try files.createFolder("\(folder)/a/b")
            try files.createFolder("\(folder)/a/b")
            let file = try files.open("\(folder)/a/b/one")
            #expect(file.path == "\(folder)/a/b/one" && (file.descriptor >= 0) == isReal)
            #expect(try file.size() == 0)
            try file.write([1, 2, 3, 4], at: 0)
            try file.write([9, 9], at: 3)
            #expect(try file.contents(100) == [1, 2, 3, 9, 9])
            #expect(try file.contents(2, at: 4) == [9])
            #expect(try file.contents(2, at: 5) == [])
            try file.truncate(to: 2)
            try file.truncate(to: 4)
            #expect(try file.contents(100) == [1, 2, 0, 0])
            try file.write([7], at: 6)
            #expect(try file.contents(100) == [1, 2, 0, 0, 0, 0, 7])
            let pieces: [([UInt8], [UInt8], [UInt8])] = [
                ([5], [6, 8], [1, 5, 6, 8, 0, 0, 7]), ([], [3], [1, 3, 6, 8, 0, 0, 7]),
                ([4, 4], [], [1, 4, 4, 8, 0, 0, 7]),
                ([], [], [1, 4, 4, 8, 0, 0, 7]), ([2, 0], [0, 0], [1, 2, 0, 0, 0, 0, 7]),
            ]
            for (first, second, expected) in pieces {
                try first.withUnsafeBytes { first in
                    try second.withUnsafeBytes { second in try file.write(first, second, at: 1) }
                }
                #expect(try file.contents(100) == expected)
            }
            try file.sync()
            try files.syncFolder("\(folder)/a/b")
            #expect(try files.open("\(folder)/a/b/one").contents(2) == [1, 2])
            _ = try files.open("\(folder)/a/b/two")
            #expect(try Set(files.list("\(folder)/a/b")) == ["one", "two"])
            #expect(try files.list("\(folder)/a") == ["b"])
            try files.rename("\(folder)/a/b/one", to: "\(folder)/a/b/two")
            #expect(try files.list("\(folder)/a/b") == ["two"])
            #expect(try files.open("\(folder)/a/b/two").size() == 7)
            try files.rename("\(folder)/a/b", to: "\(folder)/a/c")
            #expect(try files.list("\(folder)/a/c") == ["two"])
            try files.remove("\(folder)/a/c/two")
            try files.remove("\(folder)/a/c/two")
            #expect(try file.contents(2) == [1, 2])
            try files.remove("\(folder)/a/c")
            #expect(try files.list("\(folder)/a") == [])
        }
    }

    @Test("Are replaced at once, and locked for one", arguments: [true, false])
    func replacing(isReal: Bool) throws {
        try Storage.with(isReal: isReal) { files, folder in
            try files.createFolder(folder)
            try files.replace("x", in: folder, with: [1, 2, 3])
            try files.replace("x", in: folder, with: [4])
            #expect(try files.contents(of: "x", in: folder, limit: 1) == [4])
            #expect(try files.contents(of: "y", in: folder, limit: 1) == nil)
            #expect(throws: LogError.self) { try files.contents(of: "x", in: folder, limit: 0) }
            let first = try files.open("\(folder)/.lock")
            #expect(try first.lock())
            #expect(try files.open("\(folder)/.lock").lock() == false)
        }
    }

    @Test("Errors of the system name the file and what to do")
    func errors() throws {
        let error = try #require(throws: LogError.self) { try SystemLogFiles().open("/proc/none/file") }
        #expect(error.code == 56 && error.cause?.code == .streamLogUnusable)
        #expect(error.cause?.message == "/proc/none/file cannot be opened")
    }
}
