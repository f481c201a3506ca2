import MartletCore
import MartletScheduling

/// One request in the words of `curl`, and its answer.
struct CurlExchange {
    /// Most bytes of headers before a body.
    static let headerBytes = 256 << 10
    /// Bytes of a body on one line of settings; curl refuses lines of more than 100 KiB, up to and with 7.88.
    private static let lineBytes = 32 << 10

    private let request: HTTPRequest

    init(_ request: HTTPRequest) { self.request = request }

    var arguments: [String] {
        var arguments = [
            "--disable", "--config", "-", "--silent", "--show-error", "--include", "--suppress-connect-headers",
            "--proto", "=\(request.schemes)", "--proto-redir", "=\(request.schemes)", "--connect-timeout",
            "\(min(10, request.timeoutSeconds))", "--max-time", "\(request.timeoutSeconds)",
        ]
        if request.followsRedirects { arguments += ["--location", "--max-redirs", "\(Limits.redirects)"] }
        return arguments
    }

    /// The file of settings that curl reads.
    var input: [UInt8] {
        var lines = Array("url = ".utf8) + Self.quoted(request.url.utf8) + Array("\ngloboff\n".utf8)
        func add(_ name: String, _ value: some Sequence<UInt8>) {
            lines += Array("\(name) = ".utf8) + Self.quoted(value) + [10]
        }
        switch request.method {
        case nil, "GET": break
        case "HEAD": lines += Array("head\n".utf8)
        case let method?: add("request", method.utf8)
        }
        for (name, value) in request.options {
            if let value { add(name, value.utf8) } else { lines += Array("\(name)\n".utf8) }
        }
        for (name, value) in request.headers {
            // Curl sends a header without a value only when a semicolon takes the place of the colon.
            add("header", (value.isEmpty ? "\(name);" : "\(name): \(value)").utf8)
        }
        if let body = request.body { for piece in Self.pieces(of: body) { add("json", piece) } }
        return lines
    }

    /// The body in pieces, which curl joins again.
    ///
    /// No piece but the first begins with `@`, which would name a file.
    private static func pieces(of body: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = body.startIndex
        while start < body.endIndex {
            var end = min(start + lineBytes, body.endIndex)
            while end < body.endIndex, end > start + 1, body[end] == UInt8(ascii: "@") { end -= 1 }
            pieces.append(body[start..<end])
            start = end
        }
        return pieces
    }

    private static func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
        var escaped: [UInt8] = [34]
        for byte in text {
            switch byte {
            case 92, 34: escaped += [92, byte]
            case 9: escaped += [92, UInt8(ascii: "t")]
            case 10: escaped += [92, UInt8(ascii: "n")]
            case 13: escaped += [92, UInt8(ascii: "r")]
            default: escaped.append(byte)
            }
        }
        return escaped + [34]
    }

    /// The last answer in what curl printed: there is a block of headers for each redirect before.
    func reply(_ output: [UInt8], _ isCut: Bool) -> HTTPReply? {
        var rest = output[...]
        while true {
            guard rest.starts(with: "HTTP/".utf8),
                let end = rest.firstRange(of: [13, 10, 13, 10]) ?? rest.firstRange(of: [10, 10])
            else { return nil }
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            let words = head.prefix { !$0.isNewline }.split(separator: " ")
            guard words.count >= 2, let status = Int(words[1]) else { return nil }
            rest = rest[end.upperBound...]
            let headers = Self.headers(head)
            let isRedirect = request.followsRedirects && (300...399).contains(status) && headers["location"] != nil
            guard (100...199).contains(status) || isRedirect, rest.starts(with: "HTTP/".utf8) else {
                let body = Array(rest.prefix(request.answerLimit))
                return HTTPReply(
                    status: status,
                    headers: headers,
                    body: body,
                    isCut: isCut || rest.count > body.count
                )
            }
        }
    }

    private static func headers(_ head: String) -> [String: String] {
        var headers: [String: String] = [:]
        for line in head.split(whereSeparator: \.isNewline).dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers[line[..<colon].lowercased()] = String(value)
        }
        return headers
    }
}

extension HTTPRequest {
    /// One look of a step that waits for a web server.
    init(_ wait: HTTPWait) {
        self.init(
            url: wait.url,
            method: wait.method,
            headers: wait.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            // A header may be a secret that is meant for one server only.
            followsRedirects: wait.headers.isEmpty,
            timeoutSeconds: Limits.requestSeconds,
            answerLimit: Limits.bodyBytes
        )
    }
}
