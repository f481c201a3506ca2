import Glibc
import Synchronization

@testable import MartletRuntime

/// A web server of one thread on the loopback interface, whose answers are bytes that the test gives.
final class LoopbackServer: Sendable {
    let port: UInt16
    private let socket: Int32
    private let requests = Mutex<[String]>([])

    /// A server that answers each request with what `answer` makes of its text; nil never answers.
    init(_ answer: @escaping @Sendable (String) -> String?) throws {
        let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let error = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(listener, plain, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, plain, &length) == 0 ? 0 : errno
            }
        }
        guard error == 0 else { throw Unusable(error: error) }
        socket = listener
        port = UInt16(bigEndian: address.sin_port)
        _ = BlockingThread.start { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { return }
                let text = Self.read(connection)
                self?.requests.withLock { $0.append(text) }
                // A connection without an answer stays open until the other side gives up.
                guard let reply = answer(text) else { continue }
                Self.write(connection, reply)
                close(connection)
            }
        }
    }

    struct Unusable: Error { var error: Int32 }

    deinit {
        // Ends the thread, which waits for connections.
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    var address: String { "http://127.0.0.1:\(port)" }

    /// The text of the requests so far.
    var seen: [String] { requests.withLock { $0 } }

    private static func read(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.firstRange(of: [13, 10, 13, 10]) == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        // The body too, as long as the request says it is.
        let head = String(decoding: bytes, as: UTF8.self).lowercased()
        let length =
            head.split(separator: "\r\n").lazy.filter { $0.hasPrefix("content-length:") }
            .compactMap { Int($0.dropFirst(15).trimmingPrefix(while: \.isWhitespace)) }.first ?? 0
        let start = bytes.firstRange(of: [13, 10, 13, 10])?.upperBound ?? bytes.count
        while bytes.count < start + length {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ connection: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// The bytes of an answer.
func httpAnswer(_ status: Int, _ body: String = "", headers: [String] = []) -> String {
    let lines = ["HTTP/1.1 \(status) Word", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}
