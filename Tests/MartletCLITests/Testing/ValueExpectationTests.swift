import MartletCore
import MartletTestKit
import Testing

@testable import MartletCLI

@Suite(.tags(.machine)) struct ValueExpectationTests {
    private static func limits(_ change: (inout ParameterSpec) -> Void) -> ValueExpectation {
        var expectation = ValueExpectation()
        change(&expectation.limits)
        return expectation
    }

    @Test(
        arguments: [
            (.equal(to: 1), .number(1), nil),
            (.equal(to: .array([1, "a"])), .array([.number(1), "a"]), nil),
            (.equal(to: .object(["a": 1])), .object(["a": .number(1)]), nil),
            (.equal(to: "1"), 1, "is 1, not \"1\""),
            (.equal(to: nil), .null, nil),
            (.equal(to: 1), nil, "is not there"),
            (ValueExpectation(near: 0.75, within: 0.01), 0.758, nil),
            (ValueExpectation(near: 0.75, within: 0.01), 0.77, "is 0.77, not within 0.01 of 0.75"),
            (ValueExpectation(near: 1), "one", "is \"one\", no number"),
            (ValueExpectation(contains: "b"), "abc", nil),
            (ValueExpectation(contains: 2), .array([1, 2.0]), nil),
            (ValueExpectation(contains: "k"), .object(["k": 1]), nil),
            (ValueExpectation(contains: "z"), "abc", "is \"abc\", which does not contain \"z\""),
            (ValueExpectation(type: "number"), 1, nil),
            (ValueExpectation(type: "integer"), 1.5, "is 1.5, of type number and not integer"),
            (limits { $0.minimum = 0.7 }, 0.75, nil),
            (limits { $0.minimum = 0.7 }, 0.5, "does not fit: 0.5 is below the minimum 0.7"),
            (limits { $0.minimum = 0.7 }, "high", "is \"high\", no number"),
            (limits { $0.pattern = "^a+$" }, "aaa", nil),
            (limits { $0.pattern = "^a+$" }, 3, "is 3, no text"),
            (limits { $0.choices = ["a", 1] }, 1, nil),
            (limits { $0.choices = ["a"] }, .array([]), "is [], not one of the choices"),
        ] as [(ValueExpectation, JSONValue?, String?)]
    )
    func valuesAreHeldAgainstWhatIsExpected(expectation: ValueExpectation, found: JSONValue?, objection: String?) {
        #expect(expectation.objection(to: found) == objection)
    }
}

@Suite(.tags(.machine)) struct TextDifferenceTests {
    @Test func shortTextsStandBesideEachOther() {
        #expect(TextDifference.lines(expected: "a", found: "b") == ["expected  a", "found     b"])
    }

    @Test func longTextsAreCompared() {
        let (left, right) = ("1\n2\n3\n4\n5\n6", "1\n2\n3\nfour\n5\n6\n7")
        #expect(
            TextDifference.lines(expected: left, found: right)
                == ["- expected, + found", "  3", "- 4", "+ four", "  5", "  6", "+ 7"]
        )
    }

    @Test func hugeDifferencesAreCut() {
        let left = (0..<1_000).map { "\($0)" }.joined(separator: "\n")
        let lines = TextDifference.lines(expected: left, found: "")
        #expect(lines.count < 40)
        #expect(lines.last == "only the first 500 lines were compared")
    }
}

@Suite(.tags(.machine)) struct TestFilterTests {
    @Test(arguments: [
        (nil, true), ("good", true), ("GOOD", true), ("flights: a good", true), ("bad", false), ("a good*", true),
        ("*model", true), ("good*", false), ("flights: *", true), ("other: *", false),
    ])
    func testsAreChosenByName(filter: String?, isChosen: Bool) {
        #expect(TestFilter(filter).lets("flights", "a good model") == isChosen)
    }
}
