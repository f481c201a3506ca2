import Foundation
import MartletCore

@testable import MartletSpark

/// The event logs of `Tests/Fixtures/spark-events`, written by a real Spark 4.2.
enum SparkFixture {
    /// Their folder.
    static var folder: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/spark-events").path
    }

    /// The path of one.
    static func path(_ name: String) -> String {
        name == "clean" ? "\(folder)/clean" : "\(folder)/\(name).log.zstd"
    }

    /// Reads one.
    static func read(_ name: String) throws -> EventLogReader.Reading { try EventLogReader.read(path(name)) }

    /// Runs `body` with a folder that is there only for it.
    static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spark-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    /// Reads lines as a log.
    static func read(lines: [String], name: String = "app-1") throws -> EventLogReader.Reading {
        try withFolder { folder in
            let path = "\(folder)/\(name)"
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
            return try EventLogReader.read(path)
        }
    }
}
