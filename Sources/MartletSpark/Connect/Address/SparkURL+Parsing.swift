package import MartletCore

extension SparkURL {
    /// The address that a text says.
    ///
    /// - Parameter text: as in `sc://spark.example:15002/;token=abc;use_ssl=true`. Values are percent-decoded.
    /// - Throws: `MartletError` with `sparkURLInvalid`; its text never has the token or the value of a header in it.
    package init(_ text: String) throws(MartletError) {
        guard text.utf8.count <= Limits.sparkURLBytes else {
            throw SparkURL.refusal("it is longer than \(Limits.sparkURLBytes) bytes")
        }
        guard text.hasPrefix("sc://") else { throw SparkURL.refusal("it does not begin with sc://") }
        let rest = text.dropFirst("sc://".count)
        let authority = rest.prefix { $0 != "/" && $0 != ";" }
        let (host, port) = try SparkURL.hostAndPort(authority)
        try self.init(host: host, port: port)

        var tail = rest.dropFirst(authority.count)
        if tail.hasPrefix("/") { tail = tail.dropFirst() }
        guard tail.isEmpty || tail.hasPrefix(";") else {
            throw SparkURL.refusal("it has a path; options begin with /; and nothing is before them")
        }
        var asksForTLS: Bool?
        for parameter in tail.split(separator: ";", omittingEmptySubsequences: true) {
            try read(parameter, asksForTLS: &asksForTLS)
        }
        guard token == nil || isLocal || asksForTLS != false else {
            throw SparkURL.refusal("a token is only sent over TLS, and use_ssl=false forbids that")
        }
        usesTLS = asksForTLS ?? (token != nil && !isLocal)
    }

    private mutating func read(_ parameter: Substring, asksForTLS: inout Bool?) throws(MartletError) {
        guard let equals = parameter.firstIndex(of: "="), equals != parameter.startIndex else {
            throw SparkURL.refusal("an option is not of the form key=value")
        }
        let key = String(parameter[..<equals])
        guard let value = SparkURL.percentDecoded(parameter[parameter.index(after: equals)...]) else {
            throw SparkURL.refusal("the value of \(key) has a % that two hexadecimal digits do not follow")
        }
        guard !value.isEmpty else { throw SparkURL.refusal("\(key) has no value") }
        switch key {
        case "token":
            guard value.utf8.allSatisfy(SparkURL.isVisible) else {
                throw SparkURL.refusal("the token has characters that a header cannot hold")
            }
            token = value
        case "user_id": userID = value
        case "user_agent":
            guard value.utf8.count <= Limits.sparkUserAgentBytes else {
                throw SparkURL.refusal("user_agent is longer than \(Limits.sparkUserAgentBytes) bytes")
            }
            userAgent = value
        case "use_ssl":
            switch value.lowercased() {
            case "true": asksForTLS = true
            case "false": asksForTLS = false
            default: throw SparkURL.refusal("use_ssl is true or false")
            }
        case "session_id":
            guard SparkURL.isUUID(value) else { throw SparkURL.refusal("session_id is not a UUID") }
            sessionID = value.lowercased()
        default: try addHeader(key.lowercased(), value)
        }
    }

    private mutating func addHeader(_ name: String, _ value: String) throws(MartletError) {
        let allowed = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        guard allowed, !name.hasSuffix("-bin"), !name.hasPrefix("grpc-") else {
            throw SparkURL.refusal("\(name) is neither an option nor the name of a header")
        }
        guard !["authorization", "content-type", "te", "host", "user-agent"].contains(name) else {
            throw SparkURL.refusal("the header \(name) is not for the address to set")
        }
        guard value.utf8.allSatisfy({ SparkURL.isVisible($0) || $0 == UInt8(ascii: " ") }) else {
            throw SparkURL.refusal("the value of \(name) has characters that a header cannot hold")
        }
        headers[name] = value
    }

    private static func hostAndPort(_ authority: Substring) throws(MartletError) -> (String, Int?) {
        guard !authority.contains("@") else {
            throw refusal("it names a user before the host; use the options user_id and token")
        }
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw refusal("[ has no ]") }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw refusal("something follows ]") }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard host.utf8.allSatisfy(isVisible) else { throw refusal("the host has characters that no host has") }
        guard let port else { return (String(host), nil) }
        guard port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(port)
        else { throw refusal("what follows the host is not a port; brackets belong around an IPv6 address") }
        return (String(host), number)
    }

    private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    /// Whether a text has the form of a UUID, the only form of a session id that servers take.
    static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
            && text.utf8.count == 36
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = hexDigit(rest.popFirst()), let low = hexDigit(rest.popFirst()) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8?) -> UInt8? {
        byte.flatMap { Character(UnicodeScalar($0)).hexDigitValue }.map(UInt8.init)
    }
}
