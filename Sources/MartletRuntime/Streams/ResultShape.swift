package import MartletCore
package import MartletStreams

/// What the results of a stream look like outside: the names of their columns.
package struct ResultShape: Hashable, Sendable {
    /// The stream.
    package var stream: String
    /// The columns of the key; empty without windows.
    package var key: [StreamField]
    /// The columns of the values; without windows those of the records.
    package var values: [StreamField]
    /// Whether the results are of windows.
    package var hasWindows: Bool
    /// How the bounds of windows are written.
    package var windowText: StreamTimeText

    /// The shape of a plan's results.
    package init(_ plan: StreamPlan) {
        stream = plan.definition.name
        hasWindows = plan.definition.window != nil
        key = hasWindows ? plan.resultFields.key : []
        values = hasWindows ? plan.resultFields.values : plan.fields
        windowText = StreamTimeText(isWholeSeconds: Self.hasWholeSeconds(plan.definition.window))
    }

    /// Whether windows can only begin and end at whole seconds, so that the fraction says nothing.
    private static func hasWholeSeconds(_ window: WindowSpec?) -> Bool {
        guard let window, window.kind != .session else { return false }
        let spans = [window.size, window.slide, window.offset].compactMap { $0?.microseconds }
        return spans.allSatisfy { $0 % 1_000_000 == 0 }
    }
}
