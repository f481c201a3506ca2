import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.machine)) struct NamePatternTests {
    @Test(arguments: [
        ("a.csv", "*.csv", true), (".a.csv", "*.csv", false), (".a.csv", ".*", true), (".a", "?a", false),
        ("*", "\\*", true), ("a", "\\*", false), ("a*b", "a\\*b", true), ("a\\", "a\\", true), ("\\", "\\\\", true),
        ("é", "?", true), ("é", "??", false), ("日本.csv", "??.csv", true), ("", "*", true), ("", "", true),
        ("a", "", false), ("ab", "a**b", true),
    ])
    func formsOfNames(name: String, pattern: String, expected: Bool) {
        #expect(NamePattern(pattern).matches(name) == expected)
    }

    @Test func aPlainPatternIsOneName() {
        #expect(NamePattern("a\\*b").literal == "a*b")
        #expect(NamePattern("a*b").literal == nil)
        #expect(NamePattern("é\\").literal == "é\\")
    }

    /// The same as trying every way.
    @Test(arguments: 0..<20) func itAgreesWithTheObviousWay(seed: UInt64) {
        func matches(_ name: Substring, _ pattern: Substring) -> Bool {
            guard let form = pattern.first else { return name.isEmpty }
            switch form {
            case "*":
                return name.indices.contains { matches(name[$0...], pattern.dropFirst()) }
                    || matches("", pattern.dropFirst())
            case "?": return !name.isEmpty && matches(name.dropFirst(), pattern.dropFirst())
            default: return name.first == form && matches(name.dropFirst(), pattern.dropFirst())
            }
        }
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            func text(_ letters: String, _ most: Int) -> String {
                String(
                    (0..<Int.random(in: 0...most, using: &random)).compactMap { _ in
                        letters.randomElement(using: &random)
                    }
                )
            }
            let (name, pattern) = (text("abé", 8), text("abé*?", 7))
            #expect(
                NamePattern(pattern).matches(name) == matches(name[...], pattern[...]),
                "seed \(seed): \(name) \(pattern)"
            )
        }
    }

    @Test(.timeLimit(.minutes(30))) func patternsCannotMakeItSlow() {
        let pattern = NamePattern(String(repeating: "*a", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 255)))
    }
}
