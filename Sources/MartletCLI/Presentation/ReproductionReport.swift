import MartletCore
import MartletRuntime

/// How a run and its reproduction compare.
struct ReproductionReport {
    let original: RunID
    let end: RunSummary
    let comparisons: [ReproductionPlan.Comparison]

    var isSame: Bool { end.state == .success && comparisons.allSatisfy(\.isSame) }

    /// The documented contract of `martlet runs reproduce --json`.
    var json: JSONValue {
        .object([
            "run_id": .string(end.id.rawValue),
            "reproduces": .string(original.rawValue),
            "state": .string(end.state.rawValue),
            "reason": end.reason.map(JSONValue.string) ?? .null,
            "same": .bool(isSame),
            "outputs": .array(comparisons.map(Self.json)),
        ])
    }

    func lines(_ style: Style) -> [String] {
        var table = TextTable([.left, .left, .left])
        for item in comparisons {
            let verdict =
                if item.isSame {
                    TextTable.Cell(text: "same", paint: style.good)
                } else {
                    TextTable.Cell(
                        text: "different: \(Self.text(item.before)) → \(Self.text(item.after))",
                        paint: style.bad
                    )
                }
            table.add([.init(text: item.step.description), .init(text: item.dataset.rawValue), verdict])
        }
        let different = comparisons.count { !$0.isSame }
        let verdict =
            if end.state != .success {
                "\(end.id) came out as \(end.state.rawValue)" + (end.reason.map { ": \($0)" } ?? "")
            } else if different == 0 {
                "\(end.id) made the same as \(original)"
            } else {
                "\(different) of \(comparisons.count) outputs of \(end.id) differ from those of \(original)"
            }
        return table.lines() + ["", verdict]
    }

    private static func json(_ item: ReproductionPlan.Comparison) -> JSONValue {
        .object([
            "step": .string(item.step.description),
            "dataset": .string(item.dataset.rawValue),
            "same": .bool(item.isSame),
            "digest": item.before.map { .string($0.hex) } ?? .null,
            "reproduced_digest": item.after.map { .string($0.hex) } ?? .null,
        ])
    }

    private static func text(_ digest: ObjectID?) -> String { digest?.short ?? "nothing" }
}
