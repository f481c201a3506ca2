import Foundation
import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite struct FileSearchTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ name: String, _ text: String = "x") throws {
        let path = "\(scratch.path)/\(name)"
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        try FileSystem.create(path, Array(text.utf8))
    }

    private func found(_ pattern: String, limit: Int = 1_000) -> [String] {
        FileSearch(pattern, root: scratch.path, limit: limit).files
            .map { String($0.path.dropFirst(scratch.path.count + 1)) }.sorted()
    }

    @Test(arguments: [
        ("a.csv", ["a.csv"]), ("*.csv", ["a.csv", "b.csv"]), ("d/*.csv", ["d/c.csv"]), ("*/*.csv", ["d/c.csv"]),
        ("**/*.csv", ["a.csv", "b.csv", "d/c.csv", "d/e/f.csv"]), ("d/**", ["d/c.csv", "d/e/f.csv"]),
        ("d", ["d/c.csv"]), ("**/e/f.csv", ["d/e/f.csv"]), ("d/../a.csv", ["d/../a.csv"]), ("./a.csv", ["a.csv"]),
        ("no", []), ("no/*/x", []), ("a.csv/x", []), (".hidden", [".hidden"]), ("*hidden", []), ("star\\*", ["star*"]),
        ("**", ["a.csv", "b.csv", "d/c.csv", "d/e/f.csv", "star*", "starfish"]),
    ])
    func patternsFindFiles(pattern: String, expected: [String]) throws {
        for name in ["a.csv", "b.csv", "d/c.csv", "d/e/f.csv", ".hidden", "star*", "starfish"] { try write(name) }
        #expect(found(pattern) == expected)
    }

    @Test func absolutePathsLeaveTheProject() throws {
        try write("a.csv")
        let search = FileSearch("\(scratch.path)/*.csv", root: "/nowhere")
        #expect(search.files.map(\.path) == ["\(scratch.path)/a.csv"])
    }

    @Test func linksInACircleEnd() throws {
        try write("d/a.csv")
        symlink("..", "\(scratch.path)/d/up")
        #expect(found("**/*.csv") == ["d/a.csv"])
        #expect(found("d/up/d/*.csv") == ["d/up/d/a.csv"])
    }

    @Test func workIsBounded() throws {
        for number in 0..<50 { try write("d/\(number).csv") }
        #expect(FileSearch("d/*.csv", root: scratch.path, limit: 40).isCutShort)
        #expect(!FileSearch("d/*.csv", root: scratch.path, limit: 1_000).isCutShort)
        #expect(FileSearch("**/**/**/**/*.csv", root: scratch.path, limit: 100).isCutShort)
    }

    @Test func placesToWatchAreBounded() throws {
        for number in 0..<100 { try FileSystem.makeFolder("\(scratch.path)/\(number)") }
        let search = FileSearch("*/x.csv", root: scratch.path)
        #expect(search.places.count == Limits.watchedFoldersPerWait)
        #expect(search.places.contains(.init(folder: scratch.path, form: NamePattern("*"))))
    }

    /// Whatever the pattern is, the search ends, and finds only files that are there.
    @Test(arguments: 0..<10) func patternsOfAnyKindAreSearched(seed: UInt64) throws {
        for name in ["a/b/c", "a/b/a", "b/a", "c"] { try write(name) }
        var random = SeededGenerator(seed: seed)
        let pieces = ["a", "b", "c", "*", "**", "?", "/", "//", "..", ".", "\\", "\\*", "é", "\u{0}", " "]
        for _ in 0..<300 {
            let pattern = (0..<Int.random(in: 0...9, using: &random))
                .compactMap { _ in pieces.randomElement(using: &random) }.joined()
            // From the root it would search the machine.
            guard !pattern.hasPrefix("/"), !pattern.contains("..") else { continue }
            let search = FileSearch(pattern, root: scratch.path, limit: 500)
            for file in search.files { #expect(FileManager.default.fileExists(atPath: file.path), "seed \(seed)") }
        }
    }
}
