import Synchronization

/// Where the answer to a request goes.
struct Reply: Sendable {
    private let connection: Connection
    private let number: Int
    private let header: RequestHeader
    private let errors: ErrorCounts

    /// For the answer to `request`, whose errors are counted.
    init(_ request: IncomingRequest, _ errors: ErrorCounts) {
        self.errors = errors
        connection = request.connection
        number = request.number
        header = request.header
    }

    /// The version that is spoken.
    var version: Int16 { header.apiVersion }

    /// What the client calls itself.
    var clientID: String { header.clientID ?? "" }

    /// Where it connects from.
    var peer: String { connection.peer }

    /// Which connection it is, as long as that is open.
    var connectionID: ObjectIdentifier { ObjectIdentifier(connection) }

    /// Whether the answer would go to that connection.
    func isOf(_ other: Connection) -> Bool { connection === other }

    /// Sends the answer; `files` are what records in it with those tags are, in parts.
    func send<Response: WireResponse>(_ response: Response, files: [[LogRegion]] = []) {
        errors.note(response)
        let pieces = WireFrame.response(response, version: version, correlationID: header.correlationID)
        let parts = pieces.flatMap { piece -> [ResponsePiece] in
            switch piece {
            case .memory(let bytes): [.bytes(bytes)]
            case .elsewhere(_, let tag): files.indices.contains(tag) ? files[tag].map { .file($0) } : []
            }
        }
        connection.send(number, parts)
    }

    /// Sends nothing: the request has no answer.
    func sendNothing() { connection.send(number, nil) }

    /// Ends the connection, as for a request that cannot be read.
    func close() { connection.close() }
}

/// Parts of requests that were refused, since the start.
final class ErrorCounts: Sendable {
    /// Partitions to which nothing could be appended.
    let appends = Atomic<Int>(0)
    /// Partitions from which nothing could be read.
    let fetches = Atomic<Int>(0)

    func note<Response: WireResponse>(_ response: Response) {
        if let produced = response as? ProduceResponse {
            let count = produced.topics.reduce(0) { $0 + $1.partitions.count { $0.errorCode != .none } }
            if count > 0 { appends.wrappingAdd(count, ordering: .relaxed) }
        } else if let fetched = response as? FetchResponse {
            let count = fetched.topics.reduce(0) { $0 + $1.partitions.count { $0.errorCode != .none } }
            if count > 0 { fetches.wrappingAdd(count, ordering: .relaxed) }
        }
    }
}
