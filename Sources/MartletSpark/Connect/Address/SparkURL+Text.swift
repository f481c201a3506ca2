extension SparkURL {
    /// The address with all its options, the token too, as other clients of Spark take it in `SPARK_REMOTE`.
    ///
    /// Values are percent-encoded. It is a secret when the token is one: nobody may log it.
    package var remoteText: String {
        var options: [(String, String)] = []
        if let token { options.append(("token", token)) }
        if usesTLS { options.append(("use_ssl", "true")) }
        if let userID { options.append(("user_id", userID)) }
        if let userAgent { options.append(("user_agent", userAgent)) }
        if let sessionID { options.append(("session_id", sessionID)) }
        options += headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let text = options.map { ";\($0.0)=\(Self.percentEncoded($0.1))" }.joined()
        // PySpark takes a token without TLS to this machine only by this name.
        let server = token != nil && !usesTLS && isLocal ? "localhost:\(port)" : authority
        return "sc://\(server)/\(text)"
    }

    /// What is not a letter, a digit or one of `-._~` as `%` and two digits (RFC 3986, section 2.1).
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(Character(UnicodeScalar(byte)))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
