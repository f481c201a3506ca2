import Foundation
import Glibc
package import MartletCore
package import MartletStreams
import Synchronization

/// Writes the results of a bounded run to a file: CSV for `.csv`, JSON lines for `.jsonl` and `.ndjson`; `-` is standard
/// output, as JSON lines.
///
/// A file appears, whole, with the last cut; a run that does not come so far leaves nothing, and the next begins anew.
/// Records put aside are lines of `<file>.rejected.jsonl` beside it; with standard output they are only counted.
package final class FileResultStore: StreamResultStore {
    /// What the lines are.
    enum Format: Hashable, Sendable {
        case csv
        case json
    }

    private let path: String
    private let lines: ResultLines
    /// Whether a later pane may replace an earlier one.
    private let mayUpdate: Bool
    private struct State {
        var file: Int32 = -1
        var rejected: Int32 = -1
        /// Where updates are to be expected: the last pane of each key and window, and the order in which they came.
        var panes = [Identity: Pane]()
        var order = [Identity]()
    }
    private struct Identity: Hashable {
        var key: [StreamValue]
        var window: StreamWindow
    }
    private let state = Mutex(State())

    /// A store in a file; nothing is written yet.
    ///
    /// - Throws: ``MartletError`` MT6064 for a name without one of the endings.
    package init(path: String, plan: StreamPlan) throws(MartletError) {
        self.path = path
        let name = path.lowercased()
        let format: Format
        if name.hasSuffix(".csv") {
            format = .csv
        } else if name == "-" || name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
            format = .json
        } else {
            throw MartletError(
                .streamResultsUnwritable,
                "results cannot be written to \(path)",
                reason: "its ending does not say in which format",
                remedy: "let it end in .csv, .jsonl or .ndjson, or write to - for standard output"
            )
        }
        mayUpdate = (plan.definition.emit ?? .final) != .final
        lines = ResultLines(shape: ResultShape(plan), format: format)
    }

    private var isOutput: Bool { path == "-" }
    private var rejectedPath: String { "\(path).rejected.jsonl" }
    private func temporary(_ path: String) -> String { "\(path).\(getpid()).tmp" }

    /// Begins a new file; there is never a cut to go on from.
    package func open() async throws(MartletError) -> StreamCut? {
        let code: Int32? = state.withLock { state in
            if isOutput {
                state.file = STDOUT_FILENO
                return nil
            }
            state.file = Glibc.open(temporary(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            if state.file < 0 { return errno }
            return FilePieces.append(lines.header, to: state.file)
        }
        if let code { throw failure(code) }
        return nil
    }

    /// Adds the results of a cut; with the last one the file takes its name.
    ///
    /// - Throws: ``MartletError`` MT6064.
    package func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError) {
        let code = state.withLock { state in
            add(results, to: &state) ?? (cut.isFinal ? finish(&state) : nil)
        }
        if let code { throw failure(code) }
    }

    private func add(_ results: StreamResults, to state: inout State) -> Int32? {
        var bytes = [UInt8]()
        for pane in results.panes {
            if mayUpdate {
                let identity = Identity(key: pane.key, window: pane.window)
                if pane.isRetraction {
                    state.panes[identity] = nil
                } else if state.panes.updateValue(pane, forKey: identity) == nil {
                    state.order.append(identity)
                }
            } else {
                lines.append(pane, to: &bytes)
            }
        }
        for row in results.rows { lines.append(row, to: &bytes) }
        if let code = FilePieces.append(bytes, to: state.file) { return code }
        guard !isOutput, !results.rejected.isEmpty else { return nil }
        if state.rejected < 0 {
            state.rejected = Glibc.open(temporary(rejectedPath), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            if state.rejected < 0 { return errno }
        }
        var letters = [UInt8]()
        for event in results.rejected { lines.append(event, to: &letters) }
        return FilePieces.append(letters, to: state.rejected)
    }

    private func finish(_ state: inout State) -> Int32? {
        var bytes = [UInt8]()
        for identity in state.order {
            // One that was retracted and came again stands where it came first.
            if let pane = state.panes.removeValue(forKey: identity) { lines.append(pane, to: &bytes) }
        }
        state.order = []
        if let code = FilePieces.append(bytes, to: state.file) { return code }
        if isOutput { return nil }
        for (file, target) in [(state.rejected, rejectedPath), (state.file, path)] where file >= 0 {
            if fsync(file) != 0 { return errno }
            if let code = FilePieces.rename(temporary(target), to: target) { return code }
        }
        if state.rejected < 0 { unlink(rejectedPath) }
        return nil
    }

    /// Closes the file; one that is not whole is removed.
    package func close() async {
        state.withLock { state in
            if isOutput { return }
            for (file, target) in [(state.rejected, rejectedPath), (state.file, path)] where file >= 0 {
                Glibc.close(file)
                unlink(temporary(target))
            }
            state = State()
        }
    }

    private func failure(_ code: Int32) -> MartletError {
        MartletError(
            .streamResultsUnwritable,
            "the results cannot be written to \(isOutput ? "standard output" : path)",
            reason: code == ENOSPC ? "the disk is full" : nil,
            remedy: "see that the folder is there and can be written, then run the stream again",
            cause: String(cString: strerror(code))
        )
    }
}
