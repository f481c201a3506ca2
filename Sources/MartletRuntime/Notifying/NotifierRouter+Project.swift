public import MartletCore

extension NotifierRouter {
    /// The router of a project.
    ///
    /// - Parameters:
    ///   - specs: the notifiers as the project file describes them.
    ///   - layout: the project's folders.
    ///   - environment: what programs inherit.
    ///   - resolver: finds the settings that notifiers refer to.
    ///   - mask: takes secrets out of text.
    ///   - clock: for the time between two calls of a notifier.
    ///   - say: tells people a line, as on standard error.
    ///   - observe: told what became of each alert.
    public convenience init(
        project specs: [NotifierID: NotifierSpec],
        layout: ProjectLayout,
        environment: [String: String],
        resolver: SettingsResolver? = nil,
        mask: @escaping @Sendable (String) -> String,
        clock: any Clock<Duration>,
        say: @escaping @Sendable (String) -> Void,
        observe: @escaping @Sendable (AlertDelivery) -> Void = { _ in }
    ) {
        var notifiers: [NotifierID: (any Notifier)?] = [:]
        let receivers = ProjectReceivers(
            layout: layout,
            environment: environment,
            resolver: resolver,
            time: SystemTime(),
            mask: mask
        )
        for (name, spec) in specs { notifiers.updateValue(receivers.notifier(name, spec), forKey: name) }
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
