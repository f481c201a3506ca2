import MartletCore
import MartletRuntime

extension ProjectFile {
    /// The notifiers under `notifiers`.
    static func notifiers(_ entry: YAMLEntry?, _ diagnostics: Diagnostics) -> [NotifierID: NotifierSpec] {
        var found: [NotifierID: NotifierSpec] = [:]
        for notifier in diagnostics.mapping(entry, form: "on-call: { command: [./notify.sh] }") ?? [] {
            let name = diagnostics.name(notifier.key, as: NotifierID.self, at: notifier.keyPosition)
            found[name] = spec(notifier, diagnostics)
            if name == IncidentService.projectLog {
                diagnostics.report(
                    .nameInvalid,
                    "\(notifier.key) is the name of Martlet's own log of alerts",
                    remedy: "call it something else",
                    at: notifier.keyPosition
                )
            }
        }
        return found
    }

    private static func spec(_ entry: YAMLEntry, _ diagnostics: Diagnostics) -> NotifierSpec? {
        let form = "command: [./notify.sh]"
        guard let entries = diagnostics.mapping(entry, form: form) else { return nil }
        KnownKeys.notifier.check(entries, diagnostics)
        let node = entry.value
        let ways = entries.filter { KnownKeys.notifierWays.contains($0.key) }
        if ways.count > 1 {
            diagnostics.report(
                .valueInvalid,
                "notifier \(entry.key) has both \(ways[0].key) and \(ways[1].key)",
                remedy: "make one of them a notifier of its own",
                at: (node.entry("command") ?? ways[1]).keyPosition
            )
        }
        if let log = node.entry("log") { return diagnostics.text(log).map { .log(path: $0) } }
        if let way = ways.first, way.key != "command" { return receiver(way, diagnostics).map { .receiver($0) } }
        if let command = node.entry("command") { return self.command(command, node, diagnostics) }
        if entries.isEmpty, entry.key == "log" { return .log(path: nil) }
        // A key that is not known is reported as such.
        guard entries.allSatisfy({ KnownKeys.notifier.contains($0.key) }) else { return nil }
        diagnostics.report(
            .keyMissing,
            "notifier \(entry.key) does not say how it tells people",
            remedy: "write \(entry.key): { \(form) }",
            at: node.position
        )
        return nil
    }

    private static func command(
        _ entry: YAMLEntry,
        _ node: YAMLNode,
        _ diagnostics: Diagnostics
    ) -> NotifierSpec? {
        guard let arguments = diagnostics.texts(entry) else { return nil }
        if arguments.first?.isEmpty ?? true {
            diagnostics.reject(entry.value, "command is empty", remedy: "write [program, argument]")
        }
        var notice = CommandNotice(arguments: arguments)
        if let timeout = node.entry("timeout"), let seconds = diagnostics.seconds(timeout) {
            notice.timeoutSeconds = seconds
            if seconds <= 0 || seconds > Double(Limits.deliverySeconds) {
                diagnostics.reject(
                    timeout.value,
                    "the timeout is zero or longer than \(Limits.deliverySeconds) seconds",
                    remedy: "use a duration such as 10s"
                )
            }
        }
        if let retries = node.entry("retries"), let count = diagnostics.integer(retries) {
            notice.retries = count
            if !(0...Limits.deliveryRetries).contains(count) {
                diagnostics.reject(
                    retries.value,
                    "retries is \(count)",
                    remedy: "use 0 to \(Limits.deliveryRetries)"
                )
            }
        }
        notice.env = diagnostics.environment(node.entry("env"))
        return .command(notice)
    }
}
