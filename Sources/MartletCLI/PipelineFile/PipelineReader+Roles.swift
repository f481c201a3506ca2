import MartletCore

extension PipelineReader {
    /// Whether a step prepares or tidies up.
    func role(_ node: YAMLNode, _ name: String) -> StepRole {
        let isSetup = diagnostics.bool(node.entry("setup")) ?? false
        guard let entry = node.entry("teardown") else { return isSetup ? .setup : .work }
        if isSetup, let setup = node.entry("setup") {
            diagnostics.report(
                .teardownInvalid,
                "\(name) is both a setup and a teardown",
                remedy: "make two steps of it",
                at: setup.keyPosition
            )
        }
        return teardown(entry).map(StepRole.teardown) ?? .work
    }

    /// What a teardown tidies up after: a list of setups, or a mapping.
    private func teardown(_ entry: YAMLEntry) -> TeardownSpec? {
        let node = entry.value
        if let entries = node.entries, !node.startsWithBraces(in: diagnostics.source) {
            KnownKeys.teardown.check(entries, diagnostics)
            return TeardownSpec(
                of: diagnostics.references(node.entry("of")),
                failsRun: diagnostics.bool(node.entry("fails_run")) ?? false
            )
        }
        guard case .list = node.content else {
            let isFalse = if case .scalar(let scalar) = node.content { scalar.bool == false } else { false }
            if isFalse { return nil }
            let named = if case .scalar(let scalar) = node.content { scalar.bool == nil ? scalar.text : "" } else { "" }
            diagnostics.reject(
                node,
                "teardown must be a list of setups; it is \(node.kindName)",
                remedy: named.isEmpty
                    ? "write teardown: [SETUP], or teardown: [] when there is none to take away"
                    : "write teardown: [\(named)]"
            )
            return nil
        }
        return TeardownSpec(of: diagnostics.references(entry))
    }
}
