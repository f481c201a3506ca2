import MartletCore

// What the planner says of an instance that is ready.
extension RunExplainer {
    func gateChecks(_ position: Int, inDetail: Bool) -> [ExplanationCheck] {
        let key = AdmissionKey(machine.id, machine.instances[position].id)
        let reports = inDetail ? facts.planner.explain(key) : [facts.planner.hold(of: key)].compactMap(\.self)
        // That the pipeline is paused has been told of the run.
        let checks = reports.filter { $0.gate != .pipelinePaused && $0.gate != .runPaused || $0.verdict != .passes }
            .map { check($0, key) }
        if checks.contains(where: \.isInTheWay) { return checks }
        // Whoever decides knows best: here the numbers may be a moment newer, or a limit another one.
        if let reason = machine.instances[position].heldBecause {
            return checks + [ExplanationCheck(.order, .blocks, "held: \(reason)", predicate: "waits: \(reason)")]
        }
        let order = reports.first { $0.gate == .order }
        let before = order.map { $0.used } ?? 0
        return checks + [
            ExplanationCheck(
                .order,
                .passes,
                before > 0 ? "\(before) others go first" : "nothing goes first",
                predicate: before > 0 ? "is ready; \(before) others go first" : "is ready, and starts at any moment"
            )
        ]
    }

    private func check(_ report: GateReport, _ key: AdmissionKey) -> ExplanationCheck {
        let verdict: ExplanationCheck.Verdict =
            switch report.verdict {
            case .passes: .passes
            case .blocks: .blocks
            case .never: .never
            }
        let holders = verdict == .blocks ? facts.planner.holders(at: report.gate, for: key) : []
        return ExplanationCheck(
            Self.kind(report.gate),
            verdict,
            "\(report)",
            heldBy: holders,
            predicate: verdict == .passes ? nil : predicate(report, holders)
        )
    }

    private static func kind(_ gate: AdmissionGate) -> ExplanationCheck.Kind {
        switch gate {
        case .pipelinePaused: .pipelinePaused
        case .runPaused: .runState
        case .run: .runSlots
        case .pipeline: .pipelineSlots
        case .order: .order
        case .pool: .pool
        case .step: .stepLimit
        case .stepInRun: .stepLimitInRun
        case .totalSlots: .totalSlots
        }
    }

    private func predicate(_ report: GateReport, _ holders: [AdmissionKey]) -> String {
        if report.verdict == .never {
            if case .pool(let name) = report.gate, report.limit == nil {
                return "can never start: there is no pool \(name); `martlet pools set \(name) SLOTS` makes it"
            }
            return "can never start: \(report)"
        }
        if let keptFor = report.keptFor {
            return "waits for its turn: a place is kept for \(name(keptFor)), which has waited longest"
        }
        let count = report.limit.map { "\(report.used) of \($0)" } ?? "\(report.used)"
        let names = Self.list(holders.map(name))
        let needs = report.needed > 1 ? ", and it needs \(report.needed)" : ""
        switch report.gate {
        case .pool(let pool): return "waits for pool \(pool): \(count) slots are taken by \(names)\(needs)"
        case .run: return "waits for another step of its run to end: \(count) are under way (\(names))"
        case .pipeline:
            return "waits for another step of pipeline \(pipeline) to end: \(count) are under way (\(names))"
        case .step, .stepInRun:
            return "waits for another instance of its step to end: \(count) are under way (\(names))"
        case .totalSlots: return "waits for a slot: \(count) are taken (\(names))"
        case .pipelinePaused: return "waits because pipeline \(pipeline) is paused"
        case .runPaused: return "waits because its run is paused"
        case .order: return "waits for its turn"
        }
    }

    private func name(_ key: AdmissionKey) -> String {
        key.run == machine.id ? key.instance.description : key.description
    }
}
