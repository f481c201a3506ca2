public import MartletCore

/// The life of an incident: what may happen to it in which state, and where that leads.
///
/// Silences and inhibition are no states: they keep people from hearing of an incident, and change nothing about it.
public struct IncidentMachine: Hashable, Sendable {
    /// The incident; nil while the check is in order.
    public private(set) var incident: Incident?

    /// The machine of an incident, or of a check without one.
    public init(_ incident: Incident?) { self.incident = incident }

    /// Where it stands.
    public var state: IncidentState { incident?.state ?? .ok }

    /// One row of the table: in a state that is not in it, the command is refused.
    public struct Transition: Hashable, Sendable {
        /// What is done.
        public var command: IncidentCommand.Kind
        /// In which state.
        public var from: IncidentState
        /// Where it leads.
        public var to: IncidentState

        init(_ command: IncidentCommand.Kind, _ from: IncidentState, _ to: IncidentState) {
            self.command = command
            self.from = from
            self.to = to
        }
    }

    /// All that may happen.
    public static let transitions: [Transition] = [
        Transition(.fail, .ok, .firing), Transition(.fail, .firing, .firing),
        Transition(.fail, .acknowledged, .acknowledged), Transition(.fail, .resolved, .firing),
        // Whoever looks after a warning may not know that it has become a disaster.
        Transition(.worsen, .firing, .firing), Transition(.worsen, .acknowledged, .firing),
        Transition(.pass, .ok, .ok), Transition(.pass, .firing, .firing),
        Transition(.pass, .acknowledged, .acknowledged), Transition(.pass, .resolved, .resolved),
        Transition(.settle, .firing, .resolved), Transition(.settle, .acknowledged, .resolved),
        Transition(.acknowledge, .firing, .acknowledged), Transition(.unacknowledge, .acknowledged, .firing),
        Transition(.snooze, .firing, .firing), Transition(.snooze, .acknowledged, .acknowledged),
        Transition(.resolve, .firing, .resolved), Transition(.resolve, .acknowledged, .resolved),
        Transition(.label, .firing, .firing), Transition(.label, .acknowledged, .acknowledged),
        Transition(.label, .resolved, .resolved),
        Transition(.note, .firing, .firing), Transition(.note, .acknowledged, .acknowledged),
        Transition(.note, .resolved, .resolved),
    ]

    private static let targets = Dictionary(
        uniqueKeysWithValues: transitions.map { (Pair(command: $0.command, state: $0.from), $0.to) }
    )

    private struct Pair: Hashable {
        var command: IncidentCommand.Kind
        var state: IncidentState
    }

    /// Where `command` leads from `state`; nil when it may not be done there.
    public static func target(of command: IncidentCommand.Kind, in state: IncidentState) -> IncidentState? {
        targets[Pair(command: command, state: state)]
    }

    /// The row of the table that `command` stands in.
    public func kind(of command: IncidentCommand) -> IncidentCommand.Kind {
        switch command {
        case .fail(let failure):
            if let incident, incident.state.isOpen, failure.severity > incident.severity { .worsen } else { .fail }
        case .pass: .pass
        case .settle: .settle
        case .acknowledge: .acknowledge
        case .unacknowledge: .unacknowledge
        case .snooze: .snooze
        case .resolve: .resolve
        case .label: .label
        case .note: .note
        }
    }

    /// What `command` leads to; nothing is changed yet.
    ///
    /// - Throws: `MartletError` MT5051 when it may not be done in this state.
    public func decide(_ command: IncidentCommand, at now: Timestamp) throws(MartletError) -> [IncidentEvent] {
        guard Self.target(of: kind(of: command), in: state) != nil else { throw refusal(of: command) }
        switch command {
        case .fail(let failure): return failed(failure.trimmed, now)
        case .pass(let pass):
            guard let incident, incident.state.isOpen, incident.passingSince == nil else { return [] }
            return [IncidentEvent(.passed, at: now, observation: pass.brief.trimmed)]
        case .settle: return [IncidentEvent(.resolved, at: now)]
        case .acknowledge(let by, let note): return [IncidentEvent(.acknowledged, at: now, by: by, note: note)]
        case .unacknowledge(let by, let note): return [IncidentEvent(.unacknowledged, at: now, by: by, note: note)]
        case .snooze(let until, let by, let note):
            return [IncidentEvent(.snoozed, at: now, by: by, note: note, until: until)]
        case .resolve(let by, let note): return [IncidentEvent(.resolved, at: now, by: by, note: note)]
        case .label(let label, let by, let note):
            return [IncidentEvent(.labelled, at: now, by: by, note: note, label: label)]
        case .note(let text, let by): return [IncidentEvent(.noted, at: now, by: by, note: text)]
        }
    }

    private func failed(_ failure: CheckObservation, _ now: Timestamp) -> [IncidentEvent] {
        guard let incident else {
            return [IncidentEvent(.opened, at: now, observation: failure, severity: failure.severity)]
        }
        let isBack = incident.state == .resolved || incident.passingSince != nil
        // The latest failure has its samples in the incident itself.
        let kept = isBack ? failure : failure.brief
        var events = [IncidentEvent(isBack ? .reopened : .failed, at: now, observation: kept)]
        if failure.severity > incident.severity {
            events.append(IncidentEvent(.severityRaised, at: now, severity: failure.severity))
        }
        return events
    }

    private func refusal(of command: IncidentCommand) -> MartletError {
        let name = incident.map { "incident \($0.id)" } ?? "the check"
        let what =
            switch kind(of: command) {
            case .acknowledge: "is \(acknowledgement), and cannot be acknowledged"
            case .unacknowledge: "is \(state.rawValue): nobody looks after it"
            case .snooze: "is \(state.rawValue), and cannot be snoozed"
            case .resolve, .settle: "is \(state.rawValue), and cannot be resolved"
            default: "is \(state.rawValue)"
            }
        return MartletError(
            .incidentState,
            "\(name) \(what)",
            remedy: "see `martlet incidents show \(incident?.id ?? "ID")` for what happened to it"
        )
    }

    private var acknowledgement: String {
        guard state == .acknowledged, let by = incident?.acknowledgedBy else { return state.rawValue }
        return "acknowledged by \(by) already"
    }
}
