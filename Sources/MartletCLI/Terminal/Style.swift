import Foundation
import Glibc
import MartletCore

/// Colours and weights, or none of them.
///
/// Off when the stream is no terminal, when `NO_COLOR` is set and not empty (no-color.org), or for `TERM=dumb`;
/// `CLICOLOR_FORCE` turns them on in any case.
struct Style: Sendable {
    let isOn: Bool

    static let none = Style(isOn: false)
    static let standardError = Style(isOn: allows(STDERR_FILENO))
    static let standardOutput = Style(isOn: allows(STDOUT_FILENO))

    private static func allows(_ descriptor: Int32) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        if !(environment["NO_COLOR"] ?? "").isEmpty { return false }
        if !["", "0"].contains(environment["CLICOLOR_FORCE"] ?? "") { return true }
        return isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    }

    private func wrap(_ code: String, _ text: String) -> String { isOn ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }

    func bold(_ text: String) -> String { wrap("1", text) }
    func faint(_ text: String) -> String { wrap("2", text) }
    func good(_ text: String) -> String { wrap("32", text) }
    func bad(_ text: String) -> String { wrap("31;1", text) }
    func warn(_ text: String) -> String { wrap("33", text) }
    func accent(_ text: String) -> String { wrap("36", text) }
}

/// A state's glyph, word and colour; never colour alone.
enum StateMark {
    static func glyph(_ state: StepState) -> String {
        switch state {
        case .none, .scheduled: "◷"
        case .running: "▶"
        case .success: "✓"
        case .failed, .upstreamFailed: "✕"
        case .skipped: "–"
        case .upForRetry: "↻"
        case .cancelled: "■"
        case .deferred: "…"
        case .awaitingInput: "?"
        case .restarting: "↻"
        case .removed: "×"
        }
    }

    static func word(_ state: StepState) -> String {
        switch state {
        case .none: "waiting"
        case .scheduled: "ready"
        case .upstreamFailed: "upstream failed"
        case .upForRetry: "retrying"
        case .awaitingInput: "awaiting input"
        default: state.rawValue
        }
    }

    static func glyph(_ state: RunState) -> String {
        switch state {
        case .queued: "◷"
        case .running: "▶"
        case .success: "✓"
        case .failed: "✕"
        case .cancelled: "■"
        }
    }

    static func paint(_ state: StepState, _ text: String, _ style: Style) -> String {
        switch state {
        case .none, .scheduled, .skipped, .removed: style.faint(text)
        case .running, .deferred: style.accent(text)
        case .success: style.good(text)
        case .failed, .upstreamFailed: style.bad(text)
        case .upForRetry, .cancelled, .awaitingInput, .restarting: style.warn(text)
        }
    }

    static func paint(_ state: RunState, _ text: String, _ style: Style) -> String {
        switch state {
        case .queued: style.faint(text)
        case .running: style.accent(text)
        case .success: style.good(text)
        case .failed: style.bad(text)
        case .cancelled: style.warn(text)
        }
    }
}
