import Foundation
import GRPCNIOTransportHTTP2Posix
import MartletCore
import Testing

@testable import MartletSpark

@Suite("TLS and tokens, against a fake server", .timeLimit(.minutes(30)))
struct SparkTLSTests {
    private static var security: HTTP2ServerTransport.Posix.TransportSecurity {
        .tls(
            certificateChain: [.bytes([UInt8](TestCertificate.certificate.utf8), format: .pem)],
            privateKey: .bytes([UInt8](TestCertificate.key.utf8), format: .pem)
        )
    }

    @Test("A token goes over TLS to a server whose certificate is trusted")
    func trusted() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString).pem").path()
        try TestCertificate.certificate.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        var options = ClientBench().options
        options.trustRoots = file
        let chosen = options
        let fake = FakeSpark(token: "secret") { _ in [FakeSpark.batch(rows: 4, offset: 0, [1]), .complete] }
        try await FakeSpark.run(fake, security: Self.security) { url in
            let address = try SparkURL("sc://127.0.0.1:\(url.port)/;use_ssl=true;token=secret")
            let client = try await SparkClient.connect(to: address, options: chosen)
            let rows = try await client.execute(.range(to: 4)).finish()
            #expect(rows == 4)
            await client.shutdown()
        }
    }

    @Test("A certificate that is not trusted, and a server without TLS, are not talked to", arguments: [true, false])
    func refused(hasTLS: Bool) async throws {
        let options = ClientBench().options
        let fake = FakeSpark(token: "secret")
        try await FakeSpark.run(fake, security: hasTLS ? Self.security : .plaintext) { url in
            let address = try SparkURL("sc://127.0.0.1:\(url.port)/;use_ssl=true;token=secret")
            let error = await #expect(throws: SparkError.self) {
                try await SparkClient.connect(to: address, options: options)
            }
            #expect(error?.error.code == .sparkUnreachable)
        }
        // The token was not sent.
        #expect(fake.read { $0.headers }.isEmpty)
    }

    @Test("A file of certificates that cannot be read is named")
    func noFile() async throws {
        var options = ClientBench().options
        options.trustRoots = "/nowhere/roots.pem"
        let chosen = options
        let error = await #expect(throws: SparkError.self) {
            try await SparkClient.connect(to: SparkURL("sc://127.0.0.1:1/;use_ssl=true"), options: chosen)
        }
        #expect(error?.error.code == .sparkUnreachable)
        #expect(error?.kind == .user)
    }
}
