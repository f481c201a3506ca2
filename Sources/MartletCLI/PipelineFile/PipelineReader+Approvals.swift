import MartletCore

extension PipelineReader {
    /// What an `approve` step asks.
    func approval(_ entry: YAMLEntry, in step: YAMLNode, _ name: String) -> StepAction? {
        refuseTimeout(of: step, name, kind: "approve")
        guard let entries = entry.value.entries, !entry.value.startsWithBraces(in: diagnostics.source) else {
            return diagnostics.text(entry).map { .approve(ApproveAction(message: $0)) }
        }
        KnownKeys.approve.check(entries, diagnostics)
        let node = entry.value
        let plain = ApproveAction(message: "")
        let options = diagnostics.texts(node.entry("options")) ?? plain.options
        let refusals = diagnostics.texts(node.entry("refusals"))
        let action = ApproveAction(
            message: diagnostics.text(node.entry("message")) ?? "",
            options: options,
            // Answers of one's own may have no "reject" among them.
            refusals: refusals ?? plain.refusals.filter(options.contains),
            defaultOption: diagnostics.text(node.entry("default")),
            timeoutSeconds: diagnostics.seconds(node.entry("timeout")),
            onTimeout: diagnostics.choice(node.entry("on_timeout"), "way to end a question") ?? plain.onTimeout,
            onRefusal: diagnostics.choice(node.entry("on_refusal"), "way to take a refusal") ?? plain.onRefusal,
            approvers: diagnostics.text(node.entry("approvers")),
            notify: diagnostics.names(node.entry("notify"), as: NotifierID.self) ?? []
        )
        if node.entry("message") == nil {
            diagnostics.report(
                .keyMissing,
                "\(name) asks nothing",
                remedy: "add message: Publish the report?",
                at: node.position
            )
            return nil
        }
        return .approve(action)
    }
}
