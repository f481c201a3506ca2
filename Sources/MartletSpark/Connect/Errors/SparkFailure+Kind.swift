internal import GRPCCore
import MartletCore

extension SparkFailure {
    /// Whether the session is gone, and all that was in it.
    var isSessionLost: Bool {
        ["SESSION_CHANGED", "SESSION_CLOSED", "SESSION_NOT_FOUND"].contains { isClass("INVALID_HANDLE.\($0)") }
    }

    /// Who can do something about it.
    ///
    /// The class of an SQLSTATE says most: 42 is what is written wrongly, 22 and 23 data that does not fit, 08, 53, 57
    /// and 58 the system, XX a fault of Spark itself.
    var kind: SparkError.Kind {
        if isClass("OPERATION_CANCELED") || sqlState == "HY008" { return .cancelled }
        if isSessionLost || isTransient || code == .deadlineExceeded || code == .aborted { return .retryable }
        switch code {
        case .unauthenticated, .permissionDenied, .unimplemented: return .user
        case .resourceExhausted: return .infrastructure
        default: break
        }
        if let sqlState {
            switch sqlState.prefix(2) {
            case "0A", "21", "22", "23", "2B", "2F", "38", "39", "42", "44", "54", "07", "0B", "3D", "3F": return .user
            case "40": return .retryable
            default: return .infrastructure
            }
        }
        let userClasses = ["ParseException", "AnalysisException", "IllegalArgumentException", "ArithmeticException"]
        return classes.contains { name in userClasses.contains { name.hasSuffix($0) } } ? .user : .infrastructure
    }

    /// The number of the failure.
    var errorCode: ErrorCode {
        switch code {
        case .unauthenticated, .permissionDenied: return .sparkUnauthorized
        case .unimplemented: return .sparkUnsupportedByServer
        case .dataLoss: return .sparkProtocolViolated
        case .unavailable where errorClass == nil: return .sparkUnreachable
        default: break
        }
        if kind == .cancelled { return .sparkOperationCancelled }
        if isSessionLost { return .sparkSessionLost }
        return kind == .user && isRefusal ? .sparkQueryRefused : .sparkExecutionFailed
    }

    /// Whether the query was refused as written, before anything ran.
    private var isRefusal: Bool {
        if let sqlState { return ["42", "0A", "07", "3D", "3F"].contains(sqlState.prefix(2)) }
        return classes.contains { $0.hasSuffix("ParseException") || $0.hasSuffix("AnalysisException") }
    }

    /// What to do about it.
    var remedy: String {
        switch errorCode {
        case .sparkUnauthorized: "give the token of this server in the address: sc://host/;token=..."
        case .sparkUnsupportedByServer: "use a newer Spark, or do without"
        case .sparkUnreachable: "start the server, or correct the address; a token needs a server with TLS"
        case .sparkSessionLost: "open a new session; temporary views, cached tables and settings are gone"
        case .sparkOperationCancelled: "nothing, if that was meant; else run it again"
        case .sparkQueryRefused: "correct the query at the place named"
        case .sparkProtocolViolated: "check that the address is that of a Spark Connect server, and nothing between"
        default:
            switch kind {
            case .user: "correct the query or the data that it reads"
            case .retryable: "run it again"
            default: "look at the cause, and at the logs of Spark's driver and executors"
            }
        }
    }
}
