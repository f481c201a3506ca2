// What must hold within a stream step. Whether its definition makes sense is for who knows the engine.
extension ManifestValidator {
    mutating func checkStream(_ action: StreamAction, of step: StepManifest, at base: [PathComponent]) {
        if (action.definition == nil) == (action.trigger == nil) {
            report(
                base,
                .valueInvalid,
                "stream \(step.id) needs either a definition or a trigger",
                remedy: "name a file, as in definition: streams/delays.yaml"
            )
        }
        let from = place(action.from, base + ["from"])
        let to = place(action.to, base + ["to"])
        if case .sqlite? = from {
            report(
                base + ["from"],
                .valueInvalid,
                "stream \(step.id) cannot read from SQLite",
                remedy: "read a topic or a file"
            )
        }
        var readsTopic = true
        if case .file(let path)? = from { readsTopic = path.contains("{{") }
        if !readsTopic, action.until == .forever {
            report(
                base + ["until"],
                .valueInvalid,
                "stream \(step.id) reads a file, which ends",
                remedy: "remove until: forever"
            )
        }
        if case .file(let path)? = to, action.until == .forever, !path.contains("{{") {
            report(
                base + ["to"],
                .valueInvalid,
                "stream \(step.id) runs for ever, and a file is only there when it ends",
                remedy: "write to a topic or to SQLite, or say until: end"
            )
        }
        if let trigger = action.trigger { check(trigger, from, to, of: step, at: base) }
    }

    private mutating func check(
        _ trigger: StreamTrigger,
        _ from: StreamAction.Place?,
        _ to: StreamAction.Place?,
        of step: StepManifest,
        at base: [PathComponent]
    ) {
        if !(1...Limits.triggerEvents).contains(trigger.batch) {
            report(
                base + ["trigger", "batch"],
                .valueInvalid,
                "step \(step.id): a trigger is told 1 to \(Limits.triggerEvents) events at once, not \(trigger.batch)"
            )
        }
        for (place, key) in [(from, "from"), (to, "to")] {
            guard let place else { continue }
            if case .topic = place { continue }
            if case .file(let text) = place, text.contains("{{") { continue }
            report(
                base + [.key(key)],
                .valueInvalid,
                "step \(step.id): a trigger goes from a topic to a topic",
                remedy: "write \(key): topic:NAME"
            )
        }
    }

    /// What a text without templates names; nil when it names nothing, which is reported.
    private mutating func place(_ text: String, _ path: [PathComponent]) -> StreamAction.Place? {
        do throws(MartletError) {
            return try StreamAction.Place(text)
        } catch {
            report(path, .valueInvalid, error.message, remedy: error.remedy)
            return nil
        }
    }
}

extension Limits {
    /// Most events that a trigger's program is told at once.
    public static let triggerEvents = 10_000
}
