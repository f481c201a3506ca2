import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30)))
struct MailReceiverTests {
    private func receiver(_ port: UInt16) throws -> MailReceiver {
        MailReceiver(
            NotifierID(trusted: "mail"),
            MailSpec(
                host: "127.0.0.1",
                port: Int(port),
                encryption: .none,
                from: "Martlet <martlet@example.com>",
                to: ["Ada <ada@example.com>", "bob@example.com"]
            ),
            exchange: HTTPExchange(environment: ["PATH": "/usr/bin:/bin"]),
            settings: ReceiverSettings(resolver: nil, environment: [:])
        )
    }

    @Test func aMailArrivesWithTextAndHTML() async throws {
        let server = try MailServer()
        var failure = NoticeSamples.failure()
        failure.observed = "\"quoted\" \\ back;slash, comma\n.\n@file 日本"
        let alert = try NoticeSamples.alerts([failure]).trigger
        #expect(await (try receiver(server.port)).attempt(alert) == .taken)
        let session = try #require(server.sessions.first)
        #expect(session.contains("MAIL FROM:<martlet@example.com>"))
        #expect(session.contains("RCPT TO:<ada@example.com>") && session.contains("RCPT TO:<bob@example.com>"))
        #expect(session.contains("Subject: [critical] flights/raw: values of id are unique"))
        #expect(session.contains("References: <martlet-"))
        #expect(session.contains("Content-Type: multipart/alternative"))
        #expect(session.contains("Content-Type: text/plain; charset=utf-8"))
        #expect(session.contains("Content-Type: text/html; charset=utf-8"))
        #expect(session.contains("\"quoted\" \\ back;slash, comma"))
        #expect(session.contains("=E6=97=A5=E6=9C=AC"))
    }

    @Test(arguments: ["MAIL", "RCPT", "DATA", "EHLO"])
    func aRefusalIsAFailure(command: String) async throws {
        let server = try MailServer(refusing: command)
        guard case .failed(let error, _) = await (try receiver(server.port)).attempt(NoticeSamples.plain) else {
            // Without EHLO there is HELO.
            #expect(command == "EHLO")
            return
        }
        #expect(error.code == .receiverFailed)
    }
}

/// A mail server of one thread on the loopback interface, which keeps what it is told.
private final class MailServer: Sendable {
    let port: UInt16
    private let socket: Int32
    private let told = Mutex<[String]>([])

    /// A server that refuses one command.
    init(refusing refused: String? = nil) throws {
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
                let session = Self.serve(connection, refused)
                self?.told.withLock { $0.append(session) }
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

    /// What each client said.
    var sessions: [String] { told.withLock { $0 } }

    private static func serve(_ connection: Int32, _ refused: String?) -> String {
        var session = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        var pending: [UInt8] = []
        func say(_ line: String) {
            let bytes = Array("\(line)\r\n".utf8)
            _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        func read(until end: [UInt8]) -> String? {
            while pending.firstRange(of: end) == nil {
                let count = recv(connection, &buffer, buffer.count, 0)
                if count <= 0 { return nil }
                pending += buffer[..<count]
            }
            guard let range = pending.firstRange(of: end) else { return nil }
            let text = String(decoding: pending[..<range.lowerBound], as: UTF8.self)
            pending.removeFirst(range.upperBound)
            return text
        }
        say("220 loopback")
        while let line = read(until: [13, 10]) {
            session += "\(line)\n"
            if let refused, line.uppercased().hasPrefix(refused) {
                say("550 no")
                continue
            }
            switch line.prefix(4).uppercased() {
            case "DATA":
                say("354 go on")
                session += read(until: [13, 10, 46, 13, 10]) ?? ""
                say("250 taken")
            case "QUIT":
                say("221 bye")
                return session
            default: say("250 ok")
            }
        }
        return session
    }
}
