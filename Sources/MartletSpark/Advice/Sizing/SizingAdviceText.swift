/// The advice before a run in the forms in which it is used.
package struct SizingAdviceText: Sendable {
    private let advice: SizingAdvice

    /// The forms of this advice.
    package init(_ advice: SizingAdvice) { self.advice = advice }

    /// For people: each setting with its reason.
    package var lines: [String] {
        let request = advice.request
        let cluster =
            request.nodes == 0
            ? "local mode with \(AdviceText.plural(request.cores, "core")) and \(AdviceText.bytes(request.memory))"
            : "\(AdviceText.plural(request.nodes, "node")) x \(AdviceText.plural(request.cores, "core")) x "
                + "\(AdviceText.bytes(request.memory))"
        let shape =
            request.nodes == 0
            ? "\(AdviceText.plural(advice.slots, "slot")), \(AdviceText.bytes(advice.heap)) of heap"
            : "\(AdviceText.plural(advice.executors, "executor")) x \(AdviceText.plural(advice.cores, "core")) x "
                + "\(AdviceText.bytes(advice.heap)), \(AdviceText.plural(advice.slots, "slot"))"
        let keys = advice.settings.map { $0.key.count + $0.value.count + 1 }.max() ?? 0
        return ["\(AdviceText.bytes(request.input)) on \(cluster): \(shape)", ""]
            + advice.settings.map { setting in
                let text = "\(setting.key)=\(setting.value)"
                return "  \(text)\(String(repeating: " ", count: max(0, keys - text.count)))  \(setting.reason)"
            }
            + [""] + advice.remarks.map { "  \($0)" }
    }

    /// For `conf/spark-defaults.conf`.
    package var defaults: [String] { advice.settings.map { "\($0.key) \($0.value)" } }

    /// For the command line of `spark-submit`.
    package var arguments: String {
        advice.settings.map { "--conf \($0.key)=\($0.value)" }.joined(separator: " \\\n  ")
    }
}
