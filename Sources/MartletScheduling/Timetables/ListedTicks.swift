package import MartletCore

/// Ticks at given instants.
package struct ListedTicks: TickSource, Hashable {
    private let instants: [Timestamp]

    package init(_ instants: [Timestamp]) { self.instants = Set(instants).sorted() }

    package func next(after instant: Timestamp) -> Timestamp? {
        let index = firstIndex { $0 > instant }
        return index < instants.count ? instants[index] : nil
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        let index = firstIndex { $0 >= instant }
        return index > 0 ? instants[index - 1] : nil
    }

    /// Where the instants begin for which the condition holds, by halving.
    private func firstIndex(where holds: (Timestamp) -> Bool) -> Int {
        var (low, high) = (0, instants.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(instants[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The ticks of several sources; a tick of two is one.
package struct MergedTicks: TickSource {
    private let sources: [any TickSource]

    package init(_ sources: [any TickSource]) { self.sources = sources }

    package func next(after instant: Timestamp) -> Timestamp? {
        sources.compactMap { $0.next(after: instant) }.min()
    }

    package func previous(before instant: Timestamp) -> Timestamp? {
        sources.compactMap { $0.previous(before: instant) }.max()
    }
}
