import MartletCore

extension PipelineReader {
    /// What a step does: one of the keys that say so.
    mutating func action(_ node: YAMLNode, _ entries: [YAMLEntry], _ name: String) -> StepAction {
        // Stands for what could not be read; nothing is wrong with it.
        let placeholder = StepAction.command(CommandAction(shell: "true"))
        let kinds = entries.filter { KnownKeys.stepKinds.contains($0.key) }
        guard let kind = kinds.first else {
            // A kind of a later version, or of Swift, is reported as an unknown key.
            if entries.allSatisfy({ KnownKeys.step.contains($0.key) }) {
                diagnostics.report(
                    .keyMissing,
                    "\(name) does not say what it does",
                    remedy: "give it one of \(KnownKeys.stepKindList)",
                    at: node.position
                )
            }
            diagnostics.incomplete.insert(.outputs)
            return placeholder
        }
        if kinds.count > 1 {
            diagnostics.report(
                .valueInvalid,
                "\(name) has both \(kinds[0].key) and \(kinds[1].key)",
                reason: "a step does one thing",
                remedy: "keep one of them, and make the other a step of its own",
                at: kinds[1].keyPosition
            )
            return placeholder
        }
        for entry in entries {
            guard let owner = KnownKeys.kindOfKey[entry.key], owner != kind.key else { continue }
            diagnostics.report(
                .keyUnknown,
                "a \(kind.key) step has no key \"\(entry.key)\"",
                reason: "only \(owner) steps take it",
                remedy: "remove it",
                at: entry.keyPosition
            )
        }
        return switch kind.key {
        case "command": command(kind) ?? placeholder
        case "python": python(kind, node) ?? placeholder
        case "sql": sql(kind, node) ?? .sql(SQLAction(text: "SELECT 1"))
        case "check": check(kind, node) ?? .check(CheckAction(suite: .object([:])))
        case "stream": stream(kind) ?? placeholder
        case "spark": spark(kind) ?? placeholder
        case "wait": wait(kind, in: node, name) ?? placeholder
        case "approve": approval(kind, in: node, name) ?? placeholder
        case "short_circuit": shortCircuit(kind, node) ?? placeholder
        default: branch(kind) ?? placeholder
        }
    }

    private func command(_ entry: YAMLEntry) -> StepAction? {
        if case .list(let elements) = entry.value.content {
            guard !elements.isEmpty else {
                diagnostics.reject(entry.value, "command is empty", remedy: "write [program, argument]")
                return nil
            }
            // Any argument but the program itself may be empty.
            let arguments = elements.enumerated().map { index, element -> String in
                if index > 0, case .scalar(let scalar) = element.content, !scalar.isNull { return scalar.text }
                return diagnostics.text(element, for: "an element of command") ?? "true"
            }
            return .command(CommandAction(arguments: arguments))
        }
        return diagnostics.text(entry).map { .command(CommandAction(shell: $0)) }
    }

    private func python(_ entry: YAMLEntry, _ node: YAMLNode) -> StepAction? {
        let arguments = node.entry("args").map(arguments) ?? []
        let requirements = diagnostics.texts(node.entry("requirements")) ?? []
        guard let script = diagnostics.text(entry) else { return nil }
        if let error = files.missing(script, noun: "script") { diagnostics.reject(entry.value, error) }
        return .python(PythonAction(script: script, arguments: arguments, requirements: requirements))
    }

    private mutating func sql(_ entry: YAMLEntry, _ node: YAMLNode) -> StepAction? {
        guard let text = diagnostics.text(entry) else { return nil }
        let chosen: SQLEngine? = diagnostics.choice(node.entry("engine"), "kind of engine")
        let engine = chosen ?? defaults.policy.engine
        guard text.hasSuffix(".sql"), !text.contains(where: \.isWhitespace) else {
            return .sql(SQLAction(text: text, engine: engine))
        }
        let file = engine?.file(for: text) { files.missing($0, noun: "file") == nil } ?? text
        var action = SQLAction(file: file, engine: engine)
        action.text = sqlText(file, entry)
        return action.text == nil ? nil : .sql(action)
    }

    private func shortCircuit(_ entry: YAMLEntry, _ node: YAMLNode) -> StepAction? {
        let respects = diagnostics.bool(node.entry("respect_trigger_rules")) ?? false
        return diagnostics.text(entry).map {
            .shortCircuit(ShortCircuitAction($0, respectsTriggerRules: respects))
        }
    }

    private func branch(_ entry: YAMLEntry) -> StepAction? {
        guard case .list(let elements) = entry.value.content else {
            diagnostics.reject(
                entry.value,
                "branch must be a list of cases; it is \(entry.value.kindName)",
                remedy: "write - when: \"{{ ... }}\" and follow: [step] for each"
            )
            return nil
        }
        if elements.isEmpty { diagnostics.reject(entry.value, "branch has no cases", remedy: "add - follow: [step]") }
        return .branch(BranchAction(cases: elements.map { branchCase($0) }))
    }

    private func branchCase(_ node: YAMLNode) -> BranchCase {
        guard let entries = node.entries else {
            diagnostics.reject(
                node,
                "a case of a branch is a mapping; this is \(node.kindName)",
                remedy: "write when: \"{{ ... }}\" and follow: [step]"
            )
            return BranchCase(follow: [])
        }
        KnownKeys.branchCase.check(entries, diagnostics)
        guard let follow = node.entry("follow") else {
            diagnostics.report(
                .keyMissing,
                "this case of the branch follows nothing",
                remedy: "add follow: [step], or follow: [] to skip all",
                at: node.position
            )
            return BranchCase(when: diagnostics.text(node.entry("when")), follow: [])
        }
        return BranchCase(
            when: diagnostics.text(node.entry("when")),
            follow: diagnostics.references(follow)
        )
    }
}

extension Diagnostics {
    /// Adds an error found elsewhere about a value.
    func reject(_ node: YAMLNode, _ error: MartletError) {
        reject(node, error.message, error.code, reason: error.reason, remedy: error.remedy)
    }
}
