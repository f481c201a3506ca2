/// What the `.martletignore` files of a folder and those above it say, nearest last.
struct IgnoreRules: Sendable {
    /// The name of a file of patterns.
    static let fileName = Array(".martletignore".utf8)
    /// Folders that are never part of the lake, wherever they are.
    static let reserved = [Array(".martlet".utf8), Array(".git".utf8)]

    /// A pattern and the length of the path of the folder its file is in, with the slash after it.
    private struct Rule {
        var pattern: IgnorePattern
        var base: Int
    }

    private var rules: [Rule] = []

    /// Rules of no file.
    init() {}

    /// Whether nothing is ignored but what is reserved.
    var isEmpty: Bool { rules.isEmpty }

    /// The rules with those of a file in the folder whose path, with the slash after it, has `base` bytes.
    func adding(_ file: [UInt8], base: Int) -> IgnoreRules {
        var all = self
        for (index, line) in file.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            if let pattern = IgnorePattern(line: Array(line), number: index + 1) {
                all.rules.append(Rule(pattern: pattern, base: base))
            }
        }
        return all
    }

    /// The pattern that ignores the path, when its last match does; folders above the path are not looked at.
    func pattern(ignoring path: [UInt8], isFolder: Bool) -> IgnorePattern? {
        for rule in rules.reversed()
        where rule.base < path.count && rule.pattern.matches(path[rule.base...], isFolder: isFolder) {
            return rule.pattern.isNegated ? nil : rule.pattern
        }
        return nil
    }

    /// Whether the name is of a folder that is never part of the lake.
    static func isReserved(_ name: ArraySlice<UInt8>) -> Bool { reserved.contains { $0.elementsEqual(name) } }
}
