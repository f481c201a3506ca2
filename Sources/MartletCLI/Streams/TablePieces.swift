import Dispatch
import MartletCore
import Synchronization

/// The rows of a query as an asynchronous sequence of pieces, of which few wait at a time.
struct TablePieces: AsyncSequence {
    typealias Element = SQLTable

    /// Most pieces that wait to be taken.
    private static let most = 4

    let session: any TableSession
    let sql: String

    func makeAsyncIterator() -> Iterator { Iterator(session, sql) }

    /// Takes one piece after the other; the query waits meanwhile.
    struct Iterator: AsyncIteratorProtocol {
        private let query: RunningQuery
        private var pieces: AsyncThrowingStream<SQLTable, any Error>.Iterator

        init(_ session: any TableSession, _ sql: String) {
            let (stream, feed) = AsyncThrowingStream.makeStream(of: SQLTable.self, throwing: (any Error).self)
            let room = DispatchSemaphore(value: TablePieces.most)
            let task = Task {
                do {
                    try await session.stream(sql) { piece in
                        // On the engine's own thread, which may wait.
                        room.wait()
                        feed.yield(piece)
                    }
                    feed.finish()
                } catch {
                    feed.finish(throwing: error)
                }
            }
            query = RunningQuery(task: task, room: room)
            pieces = stream.makeAsyncIterator()
        }

        mutating func next() async throws -> SQLTable? {
            let piece = try await pieces.next(isolation: #isolation)
            if piece != nil { query.room.signal() }
            return piece
        }
    }

    /// A query that ends with the last reference to it.
    private final class RunningQuery: Sendable {
        let task: Task<Void, Never>
        let room: DispatchSemaphore

        init(task: Task<Void, Never>, room: DispatchSemaphore) {
            self.task = task
            self.room = room
        }

        deinit {
            task.cancel()
            // Lets a query that waits see that it is cancelled.
            for _ in 0..<TablePieces.most { room.signal() }
        }
    }
}
