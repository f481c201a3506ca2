public import MartletCore
import Testing

/// What every notifier does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum NotifierConformance: String, CaseIterable, Sendable {
    case takesAnAlert
    case keepsTheOrder
    case takesTextOfAnyKind
    case saysThatItFailed

    /// Checks the behaviour of a new notifier.
    ///
    /// - Parameters:
    ///   - notifier: one that works.
    ///   - broken: one that cannot deliver.
    ///   - taken: what the first has told so far.
    /// - Throws: when something that the check itself needs fails.
    public func check(
        _ notifier: some Notifier,
        broken: some Notifier,
        taken: () throws -> [Alert]
    ) async throws {
        let first = Self.alert("1", "run etl-1 failed")
        switch self {
        case .takesAnAlert:
            try await notifier.deliver(first)
            #expect(try taken() == [first])
        case .keepsTheOrder:
            let alerts = (1...5).map { Self.alert("\($0)", "alert \($0)") }
            for alert in alerts { try await notifier.deliver(alert) }
            #expect(try taken() == alerts)
        case .takesTextOfAnyKind:
            let nasty = Self.alert("'; rm -rf / #", "two\nlines, \"quotes\", $HOME, \u{0}, \u{1F426} and \\")
            try await notifier.deliver(nasty)
            #expect(try taken() == [nasty])
        case .saysThatItFailed:
            let error = await #expect(throws: MartletError.self) { try await broken.deliver(first) }
            #expect(error?.code == .notifierFailed)
            #expect(error?.message.isEmpty == false)
        }
    }

    private static func alert(_ id: String, _ text: String) -> Alert {
        Alert(
            id: id,
            kind: .runFailed,
            at: Timestamp(microseconds: 1_767_225_600_000_000),
            text: text,
            pipeline: PipelineID(trusted: "etl"),
            run: RunID(trusted: "etl-1"),
            step: InstanceID(StepID(trusted: "load"), 3),
            error: MartletError(.exitCode, "it ended with exit code 1", reason: "line 1\nline 2")
        )
    }
}
