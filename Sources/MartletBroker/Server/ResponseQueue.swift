/// The answers of a connection, which go out in the order of the requests though they are ready in any.
///
/// Clients send requests without waiting for answers (pipelining), and tell the answers apart by their order alone.
struct ResponseQueue<Response> {
    private enum Slot {
        case waiting
        case ready(Response)
        /// The request has no answer: Produce with acks 0.
        case none
    }

    private var slots: [Slot] = []
    /// Slots before this one have gone out.
    private var head = 0
    /// The number of the slot at `head`.
    private var firstNumber = 0

    /// Requests whose answers have not gone out.
    var count: Int { slots.count - head }

    /// Keeps a place for the answer to the next request.
    ///
    /// - Returns: its number.
    mutating func open() -> Int {
        slots.append(.waiting)
        return firstNumber + slots.count - head - 1
    }

    /// Puts the answer into its place, nil for a request that has none; a place is filled once.
    mutating func fill(_ number: Int, with response: Response?) {
        let index = head + number - firstNumber
        guard slots.indices.contains(index), index >= head, case .waiting = slots[index] else { return }
        slots[index] = response.map(Slot.ready) ?? .none
    }

    /// The answer that goes out next, if it is ready.
    mutating func next() -> Response? {
        while head < slots.count {
            switch slots[head] {
            case .waiting: return nil
            case .ready(let response):
                advance()
                return response
            case .none: advance()
            }
        }
        return nil
    }

    private mutating func advance() {
        slots[head] = .none
        head += 1
        firstNumber += 1
        if head == slots.count || head >= 256 {
            slots.removeFirst(head)
            head = 0
        }
    }
}
