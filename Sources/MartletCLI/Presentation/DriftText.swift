import MartletCore
import MartletQuality

/// A drift report for people.
struct DriftText {
    let style: Style
    /// Whether also what has not drifted is shown.
    let showsAll: Bool

    func lines(_ report: DriftDocument) -> [String] {
        let rule = report.rule
        var lines = [
            (report.drifted ? style.bad("✕ drift") : style.good("✓ no drift")) + "  "
                + DisplayText.line("\(report.reference.source) → \(report.data.source)"),
            style.faint(
                "  \(NumberText.grouped(report.reference.rowCount)) and \(NumberText.grouped(report.data.rowCount)) rows,"
                    + " \(report.tests) tests; drift is \(rule.metric.rawValue) ≥ \(NumberText.short(rule.threshold))"
                    + " (nulls: \(NumberText.short(rule.missingThreshold))) and adjusted p < \(rule.alpha)"
            ),
        ]
        lines += schema(report)
        lines += columns(report)
        lines += report.keys.map(key)
        let quiet = report.columns.count { !$0.drifted }
        if !showsAll, quiet > 0 {
            lines.append(style.faint("  \(NumberText.grouped(quiet)) columns have not drifted; --all shows them"))
        }
        lines += report.notes.map { "  " + style.faint(DisplayText.line($0)) }
        return lines
    }

    private func schema(_ report: DriftDocument) -> [String] {
        report.schema.filter { showsAll || $0.alarm || $0.change == .added }.map { change in
            let name = DisplayText.line(change.column)
            let text =
                switch change.change {
                case .missing: "\(name) is missing; it was \(change.referenceType ?? "")"
                case .added: "\(name) is new: \(change.dataType ?? "")"
                case .kindChanged, .typeChanged:
                    "\(name) was \(change.referenceType ?? "") and is \(change.dataType ?? "")"
                }
            return change.alarm ? style.bad("  ✕ \(text)") : style.faint("  – \(text)")
        }
    }

    private func columns(_ report: DriftDocument) -> [String] {
        var table = TextTable([.left, .left, .left, .right, .right, .left])
        var count = 0
        for column in report.columns {
            for aspect in column.aspects where showsAll || aspect.alarm {
                count += 1
                let paint: (String) -> String = { aspect.alarm ? style.bad($0) : style.faint($0) }
                let effect = aspect.effect.map { "\(aspect.metric) \(Self.short($0))" } ?? ""
                let chance = aspect.adjustedPValue.map { "p \(Self.chance($0))" } ?? ""
                let cells = [
                    TextTable.Cell(text: aspect.alarm ? "✕" : "✓", paint: paint),
                    TextTable.Cell(text: DisplayText.line(column.name), paint: { aspect.alarm ? style.bold($0) : $0 }),
                    TextTable.Cell(text: aspect.aspect.rawValue.replacing("_", with: " ")),
                    TextTable.Cell(text: effect),
                    TextTable.Cell(text: chance, paint: { style.faint($0) }),
                    TextTable.Cell(text: aspect.alarm ? changes(aspect) : aspect.reason, paint: { style.faint($0) }),
                ]
                table.add(cells)
            }
        }
        return count == 0 ? [] : table.lines()
    }

    /// The bins that changed most.
    private func changes(_ aspect: AspectDrift) -> String {
        let compared = aspect.bins.filter {
            ![.null, .notFinite].contains($0.kind) || aspect.aspect == .missing || aspect.aspect == .notFinite
        }
        func shares(_ bin: DriftBin) -> (Double, Double) {
            (Double(bin.reference) / Double(max(1, aspect.n)), Double(bin.data) / Double(max(1, aspect.m)))
        }
        return compared.sorted {
            let (a, b) = (shares($0), shares($1))
            return abs(a.0 - a.1) > abs(b.0 - b.1)
        }
        .prefix(aspect.aspect == .values || aspect.aspect == .lengths ? 2 : 1)
        .map { bin in
            let (before, after) = shares(bin)
            return "\(DisplayText.line(String(bin.label.prefix(40)))): \(Self.percent(before)) → \(Self.percent(after))"
        }
        .joined(separator: ", ")
    }

    private func key(_ key: KeyDrift) -> String {
        let text =
            "\(DisplayText.line(key.columns.joined(separator: ", "))): \(NumberText.grouped(key.common)) keys of both,"
            + " \(NumberText.grouped(key.vanished)) vanished, \(NumberText.grouped(key.new)) new"
            + (key.dataDuplicates > 0 ? ", \(NumberText.grouped(key.dataDuplicates)) rows share a key" : "")
        return key.alarm ? style.bad("  ✕ \(text)") : "  – \(text)"
    }

    private static func short(_ number: Double) -> String {
        number.isFinite ? "\((number * 1000).rounded() / 1000)" : "∞"
    }

    private static func chance(_ number: Double) -> String {
        if number < 1e-16 { return "<1e-16" }
        if number >= 0.001 { return "\((number * 1000).rounded() / 1000)" }
        // The power of ten is all that matters.
        var power = 0
        var rest = number
        while rest < 1 {
            rest *= 10
            power += 1
        }
        return "\(Int(rest))e-\(power)"
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
