import Foundation

/// A file system in memory that is soon full; only the superuser of Linux can make one.
public final class TinyDisk: Sendable {
    /// Where it is mounted.
    public let path: String

    /// Whether this process may mount.
    public static var isRoot: Bool { geteuid() == 0 }

    /// Whether one can be mounted here, found out by doing.
    public static let isAvailable: Bool = {
        guard isRoot, let disk = try? TinyDisk(megabytes: 1) else { return false }
        return FileManager.default.fileExists(atPath: disk.path)
    }()

    /// Mounts one of that size.
    ///
    /// - Throws: when it cannot be mounted.
    public init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.path + "/martlet-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    deinit {
        try? Self.run("umount", ["-l", path])
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Refuses writing from now on.
    ///
    /// - Throws: when it cannot be remounted.
    public func makeReadOnly() throws { try Self.run("mount", ["-o", "remount,ro", path]) }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
