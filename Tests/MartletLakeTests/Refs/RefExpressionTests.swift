import MartletCore
import MartletLake
import Testing

struct RefExpressionTests {
    private struct Refs: RefLookup {
        var branches: [String: ObjectID] = [:]
        var tags: [String: ObjectID] = [:]
        var commits: [ObjectID] = []

        func branch(_ name: BranchName) -> ObjectID? { branches[name.rawValue] }
        func tag(_ name: TagName) -> ObjectID? { tags[name.rawValue] }
        func commits(withPrefix hex: String) -> [ObjectID] { commits.filter { $0.hex.hasPrefix(hex) }.sorted() }
        func names() -> [String] { branches.keys.sorted() + tags.keys.sorted() }
    }

    private let maker = HistoryMaker()
    private let refs: Refs

    init() throws {
        try maker.commit("a")
        try maker.commit("b", ["a"])
        try maker.commit("c", ["a"])
        try maker.commit("d", ["b", "c"])
        refs = Refs(
            branches: ["main": maker.id("d"), "run/x-1": maker.id("c"), "both": maker.id("b")],
            tags: ["v1.0": maker.id("a"), "both": maker.id("c"), "deadbeef": maker.id("b")],
            commits: ["a", "b", "c", "d"].map(maker.id)
        )
    }

    private func resolve(_ text: String) throws -> String? {
        let id = try RefExpression(parsing: text).resolve(refs: refs, history: maker.history, head: maker.id("b"))
        return maker.names[id]
    }

    @Test(arguments: [
        ("main", "d"), ("run/x-1", "c"), ("v1.0", "a"), ("both", "b"), ("HEAD", "b"), ("HEAD~", "a"), ("main~1", "b"),
        ("main^", "b"), ("main^2", "c"), ("main^2~1", "a"), ("main~2", "a"), ("main^0", "d"), ("main~0", "d"),
        ("main^^", "a"), ("main~~", "a"), ("deadbeef", "b"),
    ])
    func namesAndStepsLeadToACommit(text: String, expected: String) throws {
        #expect(try resolve(text) == expected)
    }

    @Test func idsAndTheirFirstDigitsLeadToACommit() throws {
        let hex = maker.id("c").hex
        #expect(try resolve(hex) == "c")
        #expect(try resolve(hex.uppercased()) == "c")
        #expect(try resolve(String(hex.prefix(12)) + "^") == "a")
        #expect(try resolve(String(hex.prefix(12)).uppercased()) == "c")
    }

    @Test(arguments: [
        ("", ErrorCode.refExpressionInvalid), ("~1", .refExpressionInvalid), ("main~x", .refExpressionInvalid),
        ("main~1x", .refExpressionInvalid), ("main~99999999999999999999", .refExpressionInvalid),
        ("a b", .refExpressionInvalid), ("../x", .refExpressionInvalid), ("main@{1}", .refExpressionInvalid),
        ("main~-1", .refExpressionInvalid), ("main\n", .refExpressionInvalid), ("mian", .refUnknown),
        ("abc", .refUnknown), (String(repeating: "f", count: 64), .refUnknown), ("main~3", .ancestorMissing),
        ("main^3", .ancestorMissing), ("v1.0^", .ancestorMissing), ("main~999999999", .ancestorMissing),
        (String(repeating: "~", count: 5_000), .refExpressionInvalid),
    ])
    func whatLeadsNowhereSaysWhy(text: String, code: ErrorCode) {
        let error = #expect(throws: MartletError.self) { try resolve(text) }
        #expect(error?.code == code)
    }

    @Test func theNearestNameIsOffered() {
        let error = #expect(throws: MartletError.self) { try resolve("mian") }
        #expect(error?.remedy == "did you mean main?")
        let none = #expect(throws: MartletError.self) {
            try RefExpression(parsing: "HEAD").resolve(refs: refs, history: maker.history)
        }
        #expect(none?.code == .refUnknown)
    }

    @Test func severalCommitsOfOnePrefixAreListed() throws {
        var refs = refs
        let other = ObjectID(bytes: maker.id("a").bytes.prefix(4) + [UInt8](repeating: 7, count: 28)) ?? .zero
        refs.commits.append(other)
        let prefix = String(maker.id("a").hex.prefix(8))
        let error = #expect(throws: MartletError.self) {
            try RefExpression(parsing: prefix).resolve(refs: refs, history: maker.history)
        }
        #expect(error?.code == .commitAmbiguous)
        #expect(error?.reason?.contains("\(maker.id("a").hex.prefix(16)) a") == true)
        #expect(error?.reason?.contains(other.hex.prefix(16)) == true)
    }
}
