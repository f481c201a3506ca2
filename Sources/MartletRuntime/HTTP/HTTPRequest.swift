import MartletCore

/// A request to a web server, or a message for a mail server, that `curl` is to make.
struct HTTPRequest: Sendable {
    /// The address, with the scheme.
    var url: String
    /// The method; nil leaves it to what is sent.
    var method: String?
    /// Headers, in order; a name may occur again.
    var headers: [(name: String, value: String)] = []
    /// What is sent; nil sends nothing.
    var body: [UInt8]?
    /// Whether it goes where the server points it: not what carries a secret, which is meant for one server only.
    var followsRedirects = false
    /// Longest time for all of it.
    var timeoutSeconds: Int
    /// How much of the answer's body is read.
    var answerLimit: Int
    /// More settings of curl, as its file of settings has them: a name, and a value or nil.
    var options: [(name: String, value: String?)] = []
    /// The schemes that curl may speak.
    var schemes = "http,https"
}

/// What a server answered.
struct HTTPReply: Sendable {
    var status: Int
    /// By name in lower case; of several of a name, the last.
    var headers: [String: String]
    /// As far as it was read.
    var body: [UInt8]
    /// Whether there was more of it.
    var isCut: Bool
}
