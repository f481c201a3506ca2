public import MartletCore

/// What may be done to an incident.
public enum IncidentCommand: Hashable, Sendable {
    /// The check failed.
    case fail(CheckObservation)
    /// The check passed.
    case pass(CheckObservation)
    /// It has gone on passing for long enough.
    case settle
    /// Somebody looks after it.
    case acknowledge(by: String, note: String?)
    /// Nobody looks after it any more.
    case unacknowledge(by: String, note: String?)
    /// Nobody wants to hear of it until then.
    case snooze(until: Timestamp, by: String, note: String?)
    /// Somebody says that it is over.
    case resolve(by: String, note: String?)
    /// Somebody says what it was.
    case label(IncidentLabel, by: String, note: String?)
    /// Somebody writes down what they did or found.
    case note(String, by: String)

    /// The kinds of commands, as the table of transitions names them.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case fail
        /// A failure that is worse than those before.
        case worsen
        case pass, settle, acknowledge, unacknowledge, snooze, resolve, label, note
    }
}
