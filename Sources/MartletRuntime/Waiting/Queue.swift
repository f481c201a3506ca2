/// First in, first out.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// How many there are.
    var count: Int { elements.count - head }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let first = elements[head]
        elements[head] = nil
        head += 1
        // Moved up only when half is empty, so that an element is moved once.
        if head > 32, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return first
    }
}
