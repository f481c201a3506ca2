internal import GRPCCore

/// The methods of `spark.connect.SparkConnectService`.
enum SparkMethod: String, CaseIterable, Sendable {
    /// Runs a plan; answers with a stream.
    case executePlan = "ExecutePlan"
    /// Continues the stream of a plan that runs.
    case reattachExecute = "ReattachExecute"
    /// Lets the server forget responses.
    case releaseExecute = "ReleaseExecute"
    /// Asks about a plan without running it.
    case analyzePlan = "AnalyzePlan"
    /// Reads and sets configuration.
    case config = "Config"
    /// Uploads files; the request is a stream.
    case addArtifacts = "AddArtifacts"
    /// Asks which files are there.
    case artifactStatus = "ArtifactStatus"
    /// Stops operations.
    case interrupt = "Interrupt"
    /// Ends the session.
    case releaseSession = "ReleaseSession"
    /// Tells all about an error.
    case fetchErrorDetails = "FetchErrorDetails"
    /// Tells what operations are doing (Spark 4.2).
    case getStatus = "GetStatus"

    /// The method as gRPC names it.
    var descriptor: MethodDescriptor {
        let type: MethodDescriptor.RPCType =
            switch self {
            case .executePlan, .reattachExecute: .serverStreaming
            case .addArtifacts: .clientStreaming
            default: .unary
            }
        return MethodDescriptor(
            fullyQualifiedService: "spark.connect.SparkConnectService",
            method: rawValue,
            type: type
        )
    }
}
