import MartletCore
internal import SwiftProtobuf
internal import Synchronization

/// The session of a client: what is sent with each request, and what is checked of each answer.
final class SparkSession: Sendable {
    /// The session's id, a UUID that the client made.
    let id: String
    /// The user that the server is told.
    let userID: String
    /// The program that the server is told.
    let clientType: String
    /// Host and port, for what is said to people.
    let server: String
    private let serverSide = Mutex<String?>(nil)

    /// A session that the server has not heard of yet.
    init(id: String, userID: String, clientType: String, server: String) {
        self.id = id
        self.userID = userID
        self.clientType = clientType
        self.server = server
    }

    /// The user, as each request names it.
    var userContext: ProtoUserContext {
        .with {
            $0.userID = userID
            $0.userName = userID
        }
    }

    /// The id by which the server knows the session, once it was told.
    var observedServerSideID: String? { serverSide.withLock { $0 } }

    /// Checks the ids of an answer.
    ///
    /// - Throws: ``SparkError`` when the answer is of another session, or the server has made the session anew: then
    ///   views, cached tables and settings are gone.
    func check(sessionID: String, serverSideID: String) throws(SparkError) {
        guard sessionID == id || sessionID.isEmpty else {
            throw SparkError(
                .infrastructure,
                MartletError(
                    .sparkProtocolViolated,
                    "the Spark server at \(server) answered for another session",
                    reason: "this session is \(id), and the answer is for \(sessionID)",
                    remedy: "look for a proxy that mixes up connections"
                )
            )
        }
        guard !serverSideID.isEmpty else { return }
        let known = serverSide.withLock { known in
            if known == nil { known = serverSideID }
            return known
        }
        guard known == serverSideID else {
            throw SparkError(
                .retryable,
                MartletError(
                    .sparkSessionLost,
                    "the Spark server at \(server) has this session no more",
                    reason: "it was restarted: the session there is another than before",
                    remedy: "open a new session; temporary views, cached tables and settings are gone"
                ),
                errorClass: "INVALID_HANDLE.SESSION_CHANGED"
            )
        }
    }
}
