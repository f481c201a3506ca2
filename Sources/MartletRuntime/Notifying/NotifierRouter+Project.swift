public import MartletCore

extension NotifierRouter {
    /// The router of a project.
    ///
    /// - Parameters:
    ///   - specs: the notifiers as the project file describes them.
    ///   - layout: the project's folders.
    ///   - environment: what programs inherit.
    ///   - mask: takes secrets out of text.
    ///   - clock: for the time between two calls of a notifier.
    ///   - say: tells people a line, as on standard error.
    ///   - observe: told what became of each alert.
    public convenience init(
        project specs: [NotifierID: NotifierSpec],
        layout: ProjectLayout,
        environment: [String: String],
        mask: @escaping @Sendable (String) -> String,
        clock: any Clock<Duration>,
        say: @escaping @Sendable (String) -> Void,
        observe: @escaping @Sendable (AlertDelivery) -> Void = { _ in }
    ) {
        var notifiers: [NotifierID: (any Notifier)?] = [:]
        for (name, spec) in specs {
            switch spec {
            case .log(path: nil):
                notifiers.updateValue(nil, forKey: name)
            case .log(path: .some(let path)):
                notifiers[name] = LogNotifier(path: path.hasPrefix("/") ? path : "\(layout.root)/\(path)")
            case .command(let notice):
                notifiers[name] = CommandNotifier(
                    name,
                    notice,
                    directory: layout.root,
                    environment: environment,
                    mask: mask
                )
            }
        }
        self.init(
            notifiers,
            log: LogNotifier(path: layout.alerts, say: say),
            mask: mask,
            clock: clock,
            observe: observe
        )
    }
}

extension ProjectLayout {
    /// The log of alerts: JSON lines.
    public var alerts: String { "\(state)/alerts.jsonl" }
}
