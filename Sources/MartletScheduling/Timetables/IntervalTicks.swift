package import MartletCore

/// Ticks every so much time that passes: on the grid through an instant or, without one, counted from whatever instant
/// is asked about.
package struct IntervalTicks: TickSource, Hashable {
    let period: Int64
    let anchor: Timestamp?

    package init(period: Int64, anchor: Timestamp?) {
        self.period = period
        self.anchor = anchor
    }

    package func next(after instant: Timestamp) -> Timestamp? {
        guard let anchor else { return instant + .microseconds(period) }
        return tick(number: (instant - anchor).microseconds.flooredQuotient(period) + 1, from: anchor)
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        guard let anchor else { return instant - .microseconds(period) }
        return tick(number: (instant - anchor - .microseconds(1)).microseconds.flooredQuotient(period), from: anchor)
    }

    package func floor(_ instant: Timestamp) -> Timestamp? {
        guard let anchor else { return instant }
        return tick(number: (instant - anchor).microseconds.flooredQuotient(period), from: anchor)
    }

    package func ceiling(_ instant: Timestamp) -> Timestamp? {
        guard let anchor else { return instant }
        return tick(
            number: (instant - anchor - .microseconds(1)).microseconds.flooredQuotient(period) + 1,
            from: anchor
        )
    }

    private func tick(number: Int64, from anchor: Timestamp) -> Timestamp {
        Timestamp(microseconds: anchor.microseconds + number * period)
    }
}
