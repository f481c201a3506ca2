import Testing

@testable import MartletLakeStore

/// Patterns as gitignore(5) describes them.
struct IgnoreRulesTests {
    struct Row: Sendable {
        var lines: String
        var path: String
        var isFolder = false
        var isIgnored: Bool
    }

    static let rows: [Row] = [
        Row(lines: "*.tmp", path: "a.tmp", isIgnored: true),
        Row(lines: "*.tmp", path: "x/y/a.tmp", isIgnored: true),
        Row(lines: "*.tmp", path: "a.tmp.csv", isIgnored: false),
        Row(lines: "/a.tmp", path: "x/a.tmp", isIgnored: false),
        Row(lines: "/a.tmp", path: "a.tmp", isIgnored: true),
        Row(lines: "x/a", path: "x/a", isIgnored: true),
        Row(lines: "x/a", path: "y/x/a", isIgnored: false),
        Row(lines: "x/*", path: "x/a/b", isIgnored: false),
        Row(lines: "x/*", path: "x/a", isIgnored: true),
        Row(lines: "**/a", path: "a", isIgnored: true),
        Row(lines: "**/a", path: "x/y/a", isIgnored: true),
        Row(lines: "x/**", path: "x/y/z", isIgnored: true),
        Row(lines: "x/**", path: "x", isFolder: true, isIgnored: false),
        Row(lines: "x/**/z", path: "x/z", isIgnored: true),
        Row(lines: "x/**/z", path: "x/a/b/z", isIgnored: true),
        Row(lines: "x/**/z", path: "xa/z", isIgnored: false),
        Row(lines: "a**b", path: "axxb", isIgnored: true),
        Row(lines: "/a**b", path: "ax/xb", isIgnored: false),
        Row(lines: "cache/", path: "cache", isIgnored: false),
        Row(lines: "cache/", path: "cache", isFolder: true, isIgnored: true),
        Row(lines: "cache/", path: "x/cache", isFolder: true, isIgnored: true),
        Row(lines: "x/cache/", path: "y/x/cache", isFolder: true, isIgnored: false),
        Row(lines: "*.csv\n!keep.csv", path: "keep.csv", isIgnored: false),
        Row(lines: "*.csv\n!keep.csv", path: "other.csv", isIgnored: true),
        Row(lines: "!keep.csv\n*.csv", path: "keep.csv", isIgnored: true),
        Row(lines: "# a", path: "# a", isIgnored: false),
        Row(lines: "\\#a", path: "#a", isIgnored: true),
        Row(lines: "\\!a", path: "!a", isIgnored: true),
        Row(lines: "a   ", path: "a", isIgnored: true),
        Row(lines: "a\\ ", path: "a ", isIgnored: true),
        Row(lines: "a\r", path: "a", isIgnored: true),
        Row(lines: "a?c", path: "abc", isIgnored: true),
        Row(lines: "a?c", path: "a/c", isIgnored: false),
        Row(lines: "[a-c]x", path: "bx", isIgnored: true),
        Row(lines: "[!a-c]x", path: "bx", isIgnored: false),
        Row(lines: "[^a-c]x", path: "dx", isIgnored: true),
        Row(lines: "[]]x", path: "]x", isIgnored: true),
        Row(lines: "[a-]x", path: "-x", isIgnored: true),
        Row(lines: "[\\]]x", path: "]x", isIgnored: true),
        Row(lines: "[a", path: "[a", isIgnored: false),
        Row(lines: "\\*", path: "*", isIgnored: true),
        Row(lines: "\\*", path: "a", isIgnored: false),
        Row(lines: "*", path: "a/b", isIgnored: true),
        Row(lines: "", path: "a", isIgnored: false),
        Row(lines: "/", path: "a", isFolder: true, isIgnored: false),
        Row(lines: "ä*", path: "äö", isIgnored: true),
    ]

    @Test(arguments: rows) func patterns(_ row: Row) {
        let rules = IgnoreRules().adding(Array(row.lines.utf8), base: 0)
        let found = rules.pattern(ignoring: Array(row.path.utf8), isFolder: row.isFolder)
        #expect((found != nil) == row.isIgnored, "\(row)")
    }

    @Test func aFileInAFolderIsForThatFolder() {
        let rules = IgnoreRules().adding(Array("*.csv".utf8), base: 0).adding(Array("!/a.csv".utf8), base: 2)
        #expect(rules.pattern(ignoring: Array("x/a.csv".utf8), isFolder: false) == nil)
        #expect(rules.pattern(ignoring: Array("x/y/a.csv".utf8), isFolder: false) != nil)
        #expect(rules.pattern(ignoring: Array("a.csv".utf8), isFolder: false)?.number == 1)
    }

    /// A pattern made to take for ever ends.
    @Test func aHostilePatternIsGivenUp() {
        let rules = IgnoreRules().adding(Array(String(repeating: "*a", count: 40).utf8), base: 0)
        let name = Array(String(repeating: "a", count: 200).utf8) + [0x62]
        #expect(rules.pattern(ignoring: name, isFolder: false) == nil)
    }

    @Test func bytesThatAreNoText() {
        let rules = IgnoreRules().adding([0xff, 0x2a], base: 0)
        #expect(rules.pattern(ignoring: [0xff, 0xfe], isFolder: false) != nil)
    }
}
