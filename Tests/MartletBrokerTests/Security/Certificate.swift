import Foundation
import MartletBroker

/// A certificate for 127.0.0.1 that signs itself, made by openssl in a folder of its own.
struct Certificate {
    let files: TLSFiles
    private let folder: URL

    /// Whether there is an openssl.
    static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: tool) }

    private static let tool = "/usr/bin/openssl"

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "martlet-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        files = TLSFiles(
            certificates: folder.appending(path: "server.pem").path,
            key: folder.appending(path: "server.key").path
        )
        let process = Process()
        process.executableURL = URL(filePath: Self.tool)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files.key,
            "-out", files.certificates,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
