import Foundation
public import MartletCore
import MartletScheduling

/// Asks an SQL statement.
///
/// The first cell of its last result decides. The step's inputs are views; one that is not there yet is no error.
public struct SQLProbe: WaitProbe {
    private let engine: @Sendable (StepContextDocument) -> any QueryEngine

    /// A probe that asks the engine made for an attempt: one that works in a process of its own, so that nothing is
    /// held between two looks.
    public init(engine: @escaping @Sendable (StepContextDocument) -> any QueryEngine) { self.engine = engine }

    /// Runs the statement.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        guard case .sql(let wait) = request.subject else { return .misdirected(request) }
        let folder = request.context.workDirectory
        let answer = "\(folder)/answer.csv"
        let transform = SQLTransform(
            script: wait.statement,
            inputs: request.context.inputs.sorted { $0.key < $1.key }.map {
                TableInput(name: $0.key, path: $0.value.path, format: $0.value.format)
            },
            outputs: [TableOutput(name: "answer", path: answer, format: .csv)],
            settings: SQLTransform.Settings(temporaryDirectory: folder)
        )
        defer { unlink(answer) }
        do throws(MartletError) {
            try FileSystem.makeFolder(folder)
            _ = try await engine(request.context).transform(transform) { _ in }
        } catch {
            switch error.code {
            case .sqlInputUnreadable: return .notYet(reason: error.message)
            // A file that the statement names itself is not there yet.
            case .sqlFailed where error.cause == "DuckDB IO Error": return .notYet(reason: error.message)
            case .sqlInvalid, .sqlOutputMissing: return .failed(error, retryable: false)
            default: return .failed(error, retryable: true)
            }
        }
        // The header and a row that is no longer than a value is all that is looked at.
        guard let file = FileHandle(forReadingAtPath: answer),
            let bytes = try? file.read(upToCount: Limits.valueBytes)
        else { return SQLWait.result(ofCell: nil) }
        try? file.close()
        return SQLWait.result(ofCell: Self.firstCell(ofRow: 1, in: bytes))
    }

    /// The first cell of a row of CSV, counted from 0; nil when there are not so many rows.
    static func firstCell(ofRow wanted: Int, in bytes: some Sequence<UInt8>) -> String? {
        var cell: [UInt8] = []
        var (row, column, isQuoted, isEmpty, hasClosed) = (0, 0, false, true, false)
        for byte in bytes {
            // A doubled quote inside quotes closes and opens them, and stands for one.
            let isDoubled = hasClosed && byte == UInt8(ascii: "\"")
            hasClosed = isQuoted && byte == UInt8(ascii: "\"")
            switch byte {
            case UInt8(ascii: "\""):
                isEmpty = false
                isQuoted.toggle()
                if isDoubled, row == wanted, column == 0 { cell.append(byte) }
            case UInt8(ascii: ",") where !isQuoted:
                isEmpty = false
                column += 1
            case UInt8(ascii: "\n") where !isQuoted:
                if row == wanted { return String(decoding: cell, as: UTF8.self) }
                (row, column, isEmpty) = (row + 1, 0, true)
            case UInt8(ascii: "\r") where !isQuoted:
                break
            default:
                isEmpty = false
                if row == wanted, column == 0 { cell.append(byte) }
            }
        }
        return row == wanted && !isEmpty ? String(decoding: cell, as: UTF8.self) : nil
    }
}
