import MartletCore

/// A program to run as an attempt, or as part of one.
struct ProcessSpec: Sendable {
    /// A path, or a name that is looked up in PATH.
    var program: String
    /// The arguments after the program's name.
    var arguments: [String]
    /// The whole environment.
    var environment: [String: String]
    var directory: String
    /// The file that standard output and error are appended to.
    var log: String
    /// The file of JSON lines to follow; nil follows none.
    var messages: String?
    /// The payload of the first frame; nil passes no frame descriptors.
    var firstFrame: [UInt8]?
    /// Finds the secrets that nothing may tell which the process prints or reports; nil looks for none.
    var mask: SecretMask?
    /// Longest run time.
    var timeout: Duration?
    /// Longest silence: without output or a message for so long, the process counts as dead.
    var heartbeat: Duration?
    /// Between SIGTERM and SIGKILL.
    var grace: Duration = .seconds(Limits.terminationGraceSeconds)
}

/// How a process ended.
struct ProcessEnd: Sendable {
    /// Why it ended when it did.
    enum Cause: Sendable { case itself, timeout, silence, cancelled }

    var exitCode: Int?
    var signal: Int?
    var cause: Cause
    /// The last bytes it printed.
    var lastOutput: String
    /// Processes it left behind that had to be ended.
    var leftBehind: Bool
    /// Messages that could not be read.
    var rejectedMessages: Int
    /// The first error in writing the log, or 0.
    var logFailure: Int32
}
