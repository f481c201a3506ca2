import MartletCore
import Synchronization

@testable import MartletBroker

/// A journal's file in memory, which can fail and lose power.
final class FakeJournalFile: JournalFile {
    /// What goes wrong with the next calls.
    enum Fault: Equatable {
        /// The write stops after so many bytes.
        case fullDisk(after: Int)
        /// The write stops after so many bytes, and the part of it cannot be taken back.
        case stuck(after: Int)
        /// What was written does not become durable.
        case noSync
        /// The file cannot be replaced.
        case noReplace
    }

    private struct State {
        var durable: [UInt8] = []
        var written: [UInt8] = []
        var fault: Fault?
        var syncs = 0
    }

    private let state: Mutex<State>

    init(_ bytes: [UInt8] = []) { state = Mutex(State(durable: bytes, written: bytes)) }

    var bytes: [UInt8] { state.withLock(\.written) }

    var durable: [UInt8] { state.withLock(\.durable) }

    var syncs: Int { state.withLock(\.syncs) }

    func fail(_ fault: Fault?) { state.withLock { $0.fault = fault } }

    /// What is there after the power failed: all that was durable, and of the rest a random part; pages may be lost in the
    /// middle.
    func afterPowerLoss(_ random: inout some RandomNumberGenerator) -> FakeJournalFile {
        let (durable, written) = state.withLock { ($0.durable, $0.written) }
        guard written.starts(with: durable) else { return FakeJournalFile(durable) }
        var left = Array(written.prefix(Int.random(in: durable.count...written.count, using: &random)))
        if left.count > durable.count, Int.random(in: 0..<3, using: &random) == 0 {
            let hole = Int.random(in: durable.count..<left.count, using: &random)
            for index in hole..<min(hole + Int.random(in: 1..<40, using: &random), left.count) { left[index] = 0 }
        }
        return FakeJournalFile(left)
    }

    /// What is there after the process was killed: all that was written.
    func afterKill() -> FakeJournalFile { FakeJournalFile(bytes) }

    private static let error = MartletError(.diskFull, "the disk is full", remedy: "free some space")

    func read() throws(MartletError) -> [UInt8] { bytes }

    func append(_ new: [UInt8]) throws(MartletError) {
        let failed = state.withLock { state -> Bool in
            switch state.fault {
            case .fullDisk(let count)?, .stuck(let count)?:
                state.written += new.prefix(count)
                return true
            default:
                state.written += new
                return false
            }
        }
        if failed { throw Self.error }
    }

    func sync() throws(MartletError) {
        let failed = state.withLock { state -> Bool in
            if state.fault == .noSync { return true }
            state.durable = state.written
            state.syncs += 1
            return false
        }
        if failed { throw Self.error }
    }

    func truncate(to length: Int) throws(MartletError) {
        let failed = state.withLock { state -> Bool in
            if case .stuck? = state.fault { return true }
            state.written = Array(state.written.prefix(length))
            return false
        }
        if failed { throw Self.error }
    }

    func replace(with new: [UInt8]) throws(MartletError) {
        let failed = state.withLock { state -> Bool in
            if state.fault == .noReplace { return true }
            state.written = new
            state.durable = new
            return false
        }
        if failed { throw Self.error }
    }
}
