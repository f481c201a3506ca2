import MartletCore
import MartletLake
import Testing

struct BranchProtectionTests {
    @Test(arguments: [
        ("main", "main", true), ("main", "main2", false), ("release/*", "release/1.0", true),
        ("release/*", "release/1.0/a", false), ("release/**", "release/1.0/a", true), ("**", "a/b/c", true),
        ("*", "a/b", false), ("**/x", "x", true), ("**/x", "a/b/x", true), ("a/**/b/**/c", "a/b/b/c", true),
        ("a/**/b", "a/c", false), ("v?", "v1", true), ("", "main", false),
    ])
    func patternsFitWholeNames(pattern: String, name: String, fits: Bool) {
        #expect(BranchPattern(pattern).matches(BranchName(trusted: name)) == fits)
    }

    @Test func aPatternOfManyStarsIsQuick() {
        let pattern = BranchPattern(Array(repeating: "**", count: 60).joined(separator: "/") + "/x")
        #expect(!pattern.matches(BranchName(trusted: Array(repeating: "a", count: 90).joined(separator: "/"))))
    }

    @Test func protectedBranchesTakeMergesOnly() throws {
        let protection = BranchProtection([BranchProtection.Rule(BranchPattern("main"))])
        let main = BranchName.main
        for action in BranchAction.allCases {
            if action == .merge {
                try protection.check(action, on: main)
            } else {
                let error = #expect(throws: MartletError.self) { try protection.check(action, on: main) }
                #expect(error?.code == .branchProtected)
            }
            try protection.check(action, on: BranchName(trusted: "mine"))
        }
    }
}
