internal import Synchronization

/// Hands events from the task that receives them to the one that reads them; it holds few, so that whoever sends waits
/// for whoever reads.
final class EventChannel<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var ending: Result<Void, any Error>?
        /// Who waits for an element, the first first.
        var readers: [CheckedContinuation<Void, Never>] = []
        /// There is one who sends.
        var sender: CheckedContinuation<Void, Never>?
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// A channel that holds at most `capacity` elements.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// How many elements wait for their reader.
    var waiting: Int { state.withLock { $0.elements.count } }

    /// Hands over an element; returns when there is room for a next.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits.
    func send(_ element: Element) async throws {
        let reader: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.ending == nil else { return nil }
            state.elements.append(element)
            return state.readers.isEmpty ? nil : state.readers.removeFirst()
        }
        reader?.resume()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.elements.count < capacity || state.ending != nil || Task.isCancelled { return true }
                    state.sender = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            wakeSender()
        }
        try Task.checkCancellation()
    }

    /// Says that no further element follows.
    ///
    /// - Parameters:
    ///   - ending: why.
    ///   - discards: whether elements that wait are dropped.
    func finish(_ ending: Result<Void, any Error>, discards: Bool = false) {
        let (readers, sender) = state.withLock { state in
            if state.ending == nil { state.ending = ending }
            if discards { state.elements = [] }
            let all = (state.readers, state.sender)
            state.readers = []
            state.sender = nil
            return all
        }
        for reader in readers { reader.resume() }
        sender?.resume()
    }

    /// The next element, or nil after the last.
    ///
    /// - Throws: what the channel was finished with, once; nil follows.
    func next() async throws -> Element? {
        while true {
            let (found, sender) = try state.withLock { state throws -> (Element??, CheckedContinuation<Void, Never>?) in
                if !state.elements.isEmpty {
                    let element = state.elements.removeFirst()
                    let sender = state.sender
                    state.sender = nil
                    return (.some(element), sender)
                }
                guard let ending = state.ending else { return (nil, nil) }
                state.ending = .success(())
                try ending.get()
                return (.some(nil), nil)
            }
            sender?.resume()
            if let found { return found }
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // Several readers share the elements; each is woken for one, and looks again if another was faster.
                    if !state.elements.isEmpty || state.ending != nil { return true }
                    state.readers.append(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        }
    }

    private func wakeSender() {
        let sender = state.withLock { state in
            let sender = state.sender
            state.sender = nil
            return sender
        }
        sender?.resume()
    }
}
