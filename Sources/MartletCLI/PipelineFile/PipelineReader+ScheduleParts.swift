import MartletCore

extension PipelineReader {
    func daylight(_ entry: YAMLEntry?) -> DaylightPolicy? {
        guard let entry, let entries = diagnostics.mapping(entry, form: "gap: skip, fold: both") else { return nil }
        KnownKeys.daylight.check(entries, diagnostics)
        return DaylightPolicy(
            gap: diagnostics.choice(entry.value.entry("gap"), "policy for gaps"),
            fold: diagnostics.choice(entry.value.entry("fold"), "policy for folds")
        )
    }

    func calendar(_ entry: YAMLEntry?) -> BusinessCalendar? {
        guard let entry, let entries = diagnostics.mapping(entry, form: "weekends: skip") else { return nil }
        KnownKeys.calendar.check(entries, diagnostics)
        let weekends: Weekends? = diagnostics.choice(entry.value.entry("weekends"), "choice for weekends")
        return BusinessCalendar(
            skipsWeekends: weekends == .skip,
            holidays: holidays(entry.value.entry("holidays")),
            policy: diagnostics.choice(entry.value.entry("policy"), "policy of a calendar") ?? .skip
        )
    }

    /// What happens on Saturdays and Sundays.
    private enum Weekends: String, CaseIterable { case skip, run }

    private func holidays(_ entry: YAMLEntry?) -> [LocalDay] {
        guard let entry, let texts = diagnostics.texts(entry), case .list(let elements) = entry.value.content else {
            return []
        }
        return zip(texts, elements).compactMap { text, element in
            if text.isEmpty { return nil }
            if let day = LocalDay(text: text) { return day }
            diagnostics.reject(element, "\"\(text)\" is not a day", .instantInvalid, remedy: "write it as 2026-12-25")
            return nil
        }
    }

    /// Which datasets must have changed.
    func condition(_ entry: YAMLEntry?) -> DatasetCondition? {
        guard let entry, let condition = condition(entry.value, depth: 0) else { return nil }
        // What is wrong with names has been said where they stand.
        let isSound = condition.datasets.allSatisfy { DatasetID.objection(to: $0.rawValue) == nil }
        if !isSound { diagnostics.unreadable.insert(entry.value.position) }
        return condition
    }

    /// A name, a list of which all must have changed, or a mapping with any or all.
    private func condition(_ node: YAMLNode, depth: Int) -> DatasetCondition? {
        if depth > Limits.nestingDepth {
            diagnostics.reject(node, "conditions are nested more than \(Limits.nestingDepth) deep", .limitExceeded)
            return nil
        }
        switch node.content {
        case .list(let elements): return .all(elements.compactMap { condition($0, depth: depth + 1) })
        case .map(let entries):
            KnownKeys.datasetCondition.check(entries, diagnostics)
            let known = entries.filter { $0.key == "any" || $0.key == "all" }
            guard known.count == 1, case .list(let elements) = known[0].value.content else {
                let place = known.first?.value ?? node
                diagnostics.reject(
                    place,
                    known.count > 1
                        ? "a condition has any or all, not both" : "a condition lists datasets under any or all",
                    remedy: "write { any: [first, second] }; conditions may stand in the list"
                )
                return nil
            }
            let parts = elements.compactMap { condition($0, depth: depth + 1) }
            return known[0].key == "any" ? .any(parts) : .all(parts)
        case .scalar, .invalid:
            guard let text = diagnostics.text(node, for: "a dataset") else { return nil }
            return .dataset(diagnostics.name(text, as: DatasetID.self, at: node.position))
        }
    }

    func datasetPolicy(_ entry: YAMLEntry?) -> DatasetPolicy? {
        guard let entry else { return nil }
        if let entries = entry.value.entries {
            KnownKeys.datasetPolicy.check(entries, diagnostics)
            return entry.value.entry("window").flatMap(window).map { .window($0) }
        }
        let word: PolicyWord? = diagnostics.choice(entry, "dataset policy")
        switch word {
        case .each: return .each
        case .collapse: return .collapse
        case .window: return .window(DatasetWindow())
        case nil: return nil
        }
    }

    /// The policies that are one word; a window without bounds is refused with the whole manifest.
    private enum PolicyWord: String, CaseIterable { case each, collapse, window }

    /// A duration, or a mapping of bounds.
    private func window(_ entry: YAMLEntry) -> DatasetWindow? {
        guard let entries = entry.value.entries else {
            return diagnostics.seconds(entry).map { DatasetWindow(durationSeconds: $0) }
        }
        KnownKeys.datasetWindow.check(entries, diagnostics)
        return DatasetWindow(
            durationSeconds: diagnostics.seconds(entry.value.entry("duration")),
            count: diagnostics.integer(entry.value.entry("count")),
            quietSeconds: diagnostics.seconds(entry.value.entry("quiet"))
        )
    }
}
