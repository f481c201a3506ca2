import MartletCore
import MartletQuality

extension PipelineReader {
    /// A check: the file of a suite, or a mapping that names one or is one.
    mutating func check(_ entry: YAMLEntry, _ node: YAMLNode) -> StepAction? {
        var action = CheckAction()
        action.quarantine = quarantine(node.entry("quarantine"))
        guard let entries = entry.value.entries else {
            guard let file = diagnostics.text(entry) else { return nil }
            return suite(file, of: entry.value, into: action)
        }
        KnownKeys.check.check(entries, diagnostics)
        read(entry.value, into: &action)
        if let file = entry.value.entry("suite") {
            if let other = entries.first(where: { KnownKeys.suiteKeys.contains($0.key) }) {
                diagnostics.report(
                    .valueInvalid,
                    "the check has both a suite's file and \(other.key)",
                    remedy: "keep one of them",
                    at: other.keyPosition
                )
            }
            guard let path = diagnostics.text(file) else { return nil }
            return suite(path, of: file.value, into: action)
        }
        let own = entries.filter { KnownKeys.suiteKeys.contains($0.key) }
        if own.isEmpty {
            diagnostics.report(
                .keyMissing,
                "the check names no suite",
                remedy: "add suite: quality/flights.yaml, or expectations under columns: or expect:",
                at: entry.value.position
            )
            return nil
        }
        let members = own.map { ($0.key, $0.value.json) }
        let order = entry.value.entry("columns")?.value.entries?.map(\.key) ?? []
        do throws(SuiteProblems) {
            let document = JSONValue.object(Dictionary(members) { first, _ in first })
            action.suite = try SuiteFile.json(inline: document, columnOrder: order)
        } catch {
            for problem in error.problems { diagnostics.reject(entry.value, problem) }
            return nil
        }
        return verified(action, at: entry.value)
    }

    private func read(_ node: YAMLNode, into action: inout CheckAction) {
        if let parameters = node.entry("parameters"), case .object(let values) = parameters.value.json {
            action.parameters = values
        }
        if let choice = choice(node.entry("semantics"), of: Semantics.allCases.map(\.rawValue)) {
            action.semantics = choice
        }
        if let level = choice(node.entry("result_format"), of: ResultFormat.Level.allCases.map(\.rawValue)) {
            action.resultFormat = level
        }
        let severities = Severity.allCases.reversed().map(\.rawValue) + ["nothing"]
        if let word = choice(node.entry("blocks"), of: severities) { action.blocks = Severity(rawValue: word) }
        action.masked = diagnostics.texts(node.entry("mask")) ?? []
    }

    private func choice(_ entry: YAMLEntry?, of words: [String]) -> String? {
        guard let entry, let word = diagnostics.text(entry) else { return nil }
        if words.contains(word) { return word }
        let list = words.joined(separator: ", ")
        diagnostics.reject(
            entry.value,
            "\(entry.key) cannot be \"\(word)\"",
            remedy: NearestName.of(word, among: words).map { "did you mean \($0)?" } ?? "it is one of \(list)"
        )
        return nil
    }

    private mutating func suite(_ path: String, of node: YAMLNode, into action: CheckAction) -> StepAction? {
        if let error = files.missing(path, noun: "suite") {
            diagnostics.reject(node, error)
            return nil
        }
        var action = action
        action.file = path
        do throws(MartletError) {
            action.suite = try SuiteFile.json(path, in: files)
        } catch {
            diagnostics.unreadable.insert(node.position)
            diagnostics.add(error)
            return nil
        }
        return verified(action, at: node)
    }

    /// The action, once its suite is known to make sense.
    private func verified(_ action: CheckAction, at node: YAMLNode) -> StepAction {
        for error in SuiteFile.problems(of: action) {
            diagnostics.reject(node, error)
        }
        return .check(action)
    }

    /// The limits of a quarantine: `1%`, a number of rows, or a mapping of both.
    private func quarantine(_ entry: YAMLEntry?) -> QuarantineSpec? {
        guard let entry else { return nil }
        if let entries = entry.value.entries {
            KnownKeys.quarantine.check(entries, diagnostics)
            var spec = QuarantineSpec()
            if let rows = entry.value.entry("rows") { spec.rows = diagnostics.integer(rows) }
            if let share = entry.value.entry("share") { spec.share = self.share(share) }
            return spec
        }
        if case .scalar(let scalar) = entry.value.content, case .integer(let rows) = scalar.jsonValue {
            return QuarantineSpec(rows: rows)
        }
        return share(entry).map { QuarantineSpec(share: $0) }
    }

    private func share(_ entry: YAMLEntry) -> Double? {
        guard let text = diagnostics.text(entry) else { return nil }
        if text.hasSuffix("%"), let percent = Double(text.dropLast()) { return percent / 100 }
        diagnostics.reject(
            entry.value,
            "\(entry.key) is no share of rows: \"\(text)\"",
            remedy: "write a share such as 1%, or a number of rows"
        )
        return nil
    }
}
