import Foundation
import MartletCore
import NIOSSL

/// The files that a server proves by who it is, and encrypts with: both in PEM.
package struct TLSFiles: Hashable, Sendable {
    /// The certificate, with those between it and a root behind it.
    package var certificates: String
    /// Its private key, without a password.
    package var key: String

    /// Paths of a certificate and its key.
    package init(certificates: String, key: String) {
        self.certificates = certificates
        self.key = key
    }

    /// What connections are encrypted by: TLS 1.2 or newer.
    ///
    /// - Throws: ``MartletError`` MT6019 when the files cannot be used.
    func context() throws(MartletError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificates)
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(privateKey)
            )
            configuration.minimumTLSVersion = .tlsv12
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw MartletError(
                .streamSecurityUnusable,
                "the log server cannot use the certificate \(certificates) with the key \(key)",
                reason: "\(error)",
                remedy: "give it a certificate and its private key, both in PEM and readable"
            )
        }
    }
}

/// What has to be true of a server before it listens.
enum ServerSecurity {
    /// Whether only this machine can connect to an address.
    static func isLoopback(_ host: String) -> Bool {
        let plain = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if plain == "localhost" || plain == "::1" { return true }
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Refuses to listen where strangers can connect and nobody has to log in.
    ///
    /// - Throws: ``MartletError`` MT6018.
    static func check(_ settings: BrokerSettings, host: String) throws(MartletError) {
        guard settings.users == nil, !isLoopback(host) else { return }
        throw MartletError(
            .streamLoginRequired,
            "\(host) can be reached from other machines, and nobody has to log in",
            reason: "who can connect to a log server can read, change and delete everything in it",
            remedy: "give it users, or listen on 127.0.0.1"
        )
    }

    /// The ways to log in that are offered: a password is only asked for where nobody can listen in.
    static func mechanisms(host: String, isEncrypted: Bool) -> [SaslMechanism] {
        isEncrypted || isLoopback(host) ? SaslMechanism.allCases : [.scramSHA256, .scramSHA512]
    }
}
