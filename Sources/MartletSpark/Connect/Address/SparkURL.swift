package import MartletCore

/// The address of a Spark Connect server: `sc://host:port/;key=value;key=value`.
///
/// The keys are `token`, `user_id`, `user_agent`, `use_ssl` and `session_id`; any other key is a header that goes with
/// each request. A token is only sent over TLS, except to this machine. Rules: Spark's "client connection string".
package struct SparkURL: Hashable, Sendable {
    /// Name or address of the server, without the brackets of an IPv6 address.
    package var host: String
    /// TCP port.
    package var port: Int
    /// Secret that proves who asks, sent as `authorization: Bearer`.
    package var token: String?
    /// User that the server is told.
    package var userID: String?
    /// Program that the server is told.
    package var userAgent: String?
    /// Whether the connection is encrypted.
    package var usesTLS: Bool
    /// Session to take part in, a UUID; a new one is made when it is missing.
    package var sessionID: String?
    /// Further headers of each request, with names in lower case.
    package var headers: [String: String]

    /// The address of a server without any option.
    ///
    /// - Throws: `MartletError` with `sparkURLInvalid` for an empty host or a port that does not exist.
    package init(host: String, port: Int? = nil, usesTLS: Bool = false) throws(MartletError) {
        self.host = host
        self.port = port ?? Limits.sparkDefaultPort
        self.usesTLS = usesTLS
        self.headers = [:]
        guard !host.isEmpty else { throw SparkURL.refusal("it has no host") }
        guard (1...65_535).contains(self.port) else { throw SparkURL.refusal("\(self.port) is not a port") }
    }

    /// Whether the server is on this machine, where a token may go unencrypted.
    package var isLocal: Bool {
        host.lowercased() == "localhost" || host == "::1" || SparkURL.isIPv4Loopback(host)
    }

    /// Host and port, with brackets around an IPv6 address.
    package var authority: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    static func refusal(_ why: String) -> MartletError {
        MartletError(
            .sparkURLInvalid,
            "the address of the Spark server cannot be used: \(why)",
            remedy: "write it as sc://host:port/;key=value, as in sc://localhost:15002/;user_id=ada"
        )
    }

    private static func isIPv4Loopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension SparkURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address with its options; the token and the values of headers are never shown.
    package var description: String {
        var options: [String] = []
        if usesTLS { options.append("use_ssl=true") }
        if let userID { options.append("user_id=\(userID)") }
        if let userAgent { options.append("user_agent=\(userAgent)") }
        if let sessionID { options.append("session_id=\(sessionID)") }
        if token != nil { options.append("token=***") }
        options += headers.keys.sorted().map { "\($0)=***" }
        return "sc://\(authority)" + (options.isEmpty ? "" : "/;" + options.joined(separator: ";"))
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Shows what ``description`` shows, so that `dump` keeps the secrets too.
    package var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
