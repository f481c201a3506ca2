internal import MartletCore

/// Results of work that is spread over threads, each set by one of them.
final class Slots<Element>: @unchecked Sendable {
    // Sendable: every slot has one writer, and all are read after the writers were waited for.
    private let slots: UnsafeMutableBufferPointer<Element?>

    init(count: Int) {
        slots = .allocate(capacity: count)
        slots.initialize(repeating: nil)
    }

    deinit {
        slots.deinitialize()
        slots.deallocate()
    }

    func set(_ value: Element, at index: Int) { slots[index] = value }

    /// All results.
    ///
    /// - Throws: ``MartletError`` MT9002 when one was not set, which would be a mistake of the caller.
    func all() throws(MartletError) -> [Element] {
        let values = slots.compactMap(\.self)
        guard values.count == slots.count else {
            throw MartletError(.internalFault, "work on \(slots.count) things has \(values.count) results")
        }
        return values
    }
}
