import MartletCore
import MartletScheduling

/// Holds what templates became against what a test expects of them.
enum RenderingCheck {
    /// Everything that differs; members that `expected` does not name may be anything.
    static func failures(
        _ expected: JSONValue,
        _ rendering: StepRendering,
        of step: String,
        at location: SourceLocation
    ) -> [MartletError] {
        compare(expected, rendering.results, "", rendering.failures).map { difference in
            MartletError(
                .expectationFailed,
                "\(difference.path) of step \(step) \(difference.what)",
                reason: difference.detail,
                location: location
            )
        }
    }

    private struct Difference {
        var path: String
        var what: String
        var detail: String?
    }

    private static func compare(
        _ expected: JSONValue,
        _ found: JSONValue?,
        _ path: String,
        _ failures: [String: String]
    ) -> [Difference] {
        if let failure = failures[path] {
            return [Difference(path: path, what: "cannot be worked out: \(failure)")]
        }
        switch (expected, found) {
        case (.object(let members), .object(let known)):
            return members.sorted { $0.key < $1.key }.flatMap { key, value in
                compare(value, known[key], path.isEmpty ? key : "\(path).\(key)", failures)
            }
        case (.object(let members), nil) where members.keys.contains { failures["\(path).\($0)"] != nil }:
            return members.sorted { $0.key < $1.key }.flatMap { compare($1, nil, "\(path).\($0)", failures) }
        case (.array(let wanted), .array(let elements)) where wanted.count == elements.count:
            return zip(wanted, elements).enumerated().flatMap { index, pair in
                compare(pair.0, pair.1, "\(path)[\(index)]", failures)
            }
        case (_, nil):
            return [Difference(path: path, what: "is no template of it", detail: "expected \(expected.jsonText)")]
        case (_, let found?):
            // What is plain in YAML may be a number there and is text here.
            if expected.isSame(as: found) || expected.displayText == found.displayText { return [] }
            let lines = TextDifference.lines(expected: expected.displayText, found: found.displayText)
            return [Difference(path: path, what: "became something else", detail: lines.joined(separator: "\n"))]
        }
    }
}
