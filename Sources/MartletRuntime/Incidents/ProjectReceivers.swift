public import MartletCore

/// Makes the notifiers that the project file describes.
public struct ProjectReceivers: Sendable {
    private let layout: ProjectLayout
    private let environment: [String: String]
    private let settings: ReceiverSettings
    private let time: any TimeSource
    private let mask: @Sendable (String) -> String

    /// Notifiers of the project in `layout`.
    ///
    /// - Parameters:
    ///   - layout: the project's folders.
    ///   - environment: what programs inherit, and what `env.NAME` names.
    ///   - resolver: finds variables and connections; nil where there are none.
    ///   - time: for signatures.
    ///   - mask: takes secrets out of what programs print.
    public init(
        layout: ProjectLayout,
        environment: [String: String],
        resolver: SettingsResolver?,
        time: any TimeSource,
        mask: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.layout = layout
        self.environment = environment
        settings = ReceiverSettings(resolver: resolver, environment: environment)
        self.time = time
        self.mask = mask
    }

    /// The notifier that `spec` describes; nil is the project's own log of alerts.
    public func notifier(_ name: NotifierID, _ spec: NotifierSpec) -> (any Notifier)? {
        switch spec {
        case .log(path: nil): nil
        case .log(path: .some(let path)): LogNotifier(path: path.hasPrefix("/") ? path : "\(layout.root)/\(path)")
        case .command(let notice):
            CommandNotifier(name, notice, directory: layout.root, environment: environment, mask: mask)
        case .receiver(let spec): receiver(name, spec)
        }
    }

    private func receiver(_ name: NotifierID, _ spec: ReceiverSpec) -> any Notifier {
        let exchange = HTTPExchange(environment: environment)
        let format: any ReceiverFormat
        switch spec {
        case .slack(let url): format = SlackFormat(url: url)
        case .pagerDuty(let spec): format = PagerDutyFormat(spec: spec)
        case .alertmanager(let spec): format = AlertmanagerFormat(spec: spec)
        case .webhook(let spec): format = WebhookFormat(spec, name: name)
        case .mail(let spec): return MailReceiver(name, spec, exchange: exchange, settings: settings)
        }
        return HTTPReceiver(name, format, exchange: exchange, settings: settings, time: time)
    }
}
