import Foundation

@testable import MartletLakeStore

/// A folder with files that goes away with the test.
final class WorkspaceFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "martlet-work-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String = "") throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func write(bytes name: [UInt8], _ text: String) {
        let file = RawPath.open(Array(path.utf8) + [0x2f] + name, O_WRONLY | O_CREAT | O_TRUNC)
        _ = text.withCString { Glibc.write(file, $0, strlen($0)) }
        close(file)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
}
