/// What happens next in a simulation: a binary heap by time.
struct EventHeap {
    /// Something that happens.
    struct Event {
        enum Kind: Int { case executor, submit, start, taskEnd, slot, jobEnd }

        /// Milliseconds from the application's start.
        var time: Int
        var kind: Kind
        /// The job or node it happens to.
        var index: Int
    }

    private var events: [Event] = []

    /// The time of the next event.
    var nextTime: Int? { events.first?.time }

    mutating func push(_ event: Event) {
        events.append(event)
        var place = events.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard event.time < events[parent].time else { break }
            events[place] = events[parent]
            place = parent
        }
        events[place] = event
    }

    mutating func pop() -> Event? {
        guard let first = events.first, let last = events.popLast() else { return nil }
        guard !events.isEmpty else { return first }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < events.count else { break }
            if child + 1 < events.count, events[child + 1].time < events[child].time { child += 1 }
            guard events[child].time < last.time else { break }
            events[place] = events[child]
            place = child
        }
        events[place] = last
        return first
    }
}
