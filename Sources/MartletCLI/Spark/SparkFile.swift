import Foundation
import MartletCore
import MartletDuckDB
import MartletSpark

/// A file that takes the rows of an execution, written by DuckDB as they come.
struct SparkFile {
    private let output: TableOutput
    private let observer: any SparkObserver

    /// The file of an output.
    init(_ output: TableOutput, observer: any SparkObserver) {
        self.output = output
        self.observer = observer
    }

    /// Writes all rows; the file is put in place whole, or not at all.
    ///
    /// - Returns: how many rows there were.
    /// - Throws: `SparkError`; ``MartletError`` for rows that cannot be read or written; `CancellationError`.
    func write(_ execution: SparkExecution) async throws -> Int {
        let rows = SparkRows(execution, observer)
        // A result has at least one batch, if only to tell the columns.
        guard let first = try await rows.next() else {
            throw MartletError(
                .sqlOutputMissing,
                "the last statement returns no rows for \(output.name)",
                remedy: "end with a SELECT"
            )
        }
        let tables = DuckDBTables(environment: ProcessInfo.processInfo.environment)
        var held: ArrowBatch? = first
        let schema = first.schema
        func next() async throws(MartletError) -> ArrowArrayExport? {
            if let batch = held {
                held = nil
                return try batch.handover(as: schema)
            }
            do {
                return try await rows.next()?.handover(as: schema)
            } catch {
                // The engine is told; what is thrown in the end is the failure itself.
                rows.failure = error
                throw SparkWork.told(error).error
            }
        }
        do {
            return try await tables.writeArrow(to: output, schema: { schema.export(to: $0) }, next: next)
        } catch {
            throw rows.failure ?? error
        }
    }
}

/// The rows of an execution, batch by batch; progress goes to the observer.
private final class SparkRows {
    private var events: SparkExecution.Iterator
    private let observer: any SparkObserver
    private var waiting: [ArrowBatch] = []
    /// The columns of the first batch, which all others must have.
    private var schema: ArrowSchema?
    /// Why there are no more.
    var failure: (any Error)?

    init(_ execution: SparkExecution, _ observer: any SparkObserver) {
        events = execution.makeAsyncIterator()
        self.observer = observer
    }

    /// The next batch; nil after the last.
    func next() async throws -> ArrowBatch? {
        while waiting.isEmpty {
            guard let event = try await events.next() else { return nil }
            switch event {
            case .batch(let data):
                let stream = try data.decoded(schema)
                schema = stream.schema
                waiting = stream.batches.reversed()
            case .progress(let progress):
                observer.progresses(Int(progress.completedTasks), of: Int(progress.tasks), stage: "running")
            default: break
            }
        }
        return waiting.removeLast()
    }
}
