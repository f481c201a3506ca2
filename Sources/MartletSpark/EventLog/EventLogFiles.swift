internal import Foundation
package import MartletCore

/// The files of one application's event log, in the order in which they are read.
///
/// Since version 4.0 Spark writes a folder `eventlog_v2_<application>` with files `events_<n>_<application>` and an
/// empty `appstatus_<application>`; a file ending in `.compact` stands for itself and all with a lower number. Before,
/// and with `spark.eventLog.rolling.enabled` off, it writes one file.
package struct EventLogFiles: Sendable, Equatable {
    /// The paths, in order.
    package var paths: [String]
    /// Whether Spark had not closed the log yet.
    package var isInProgress: Bool
    /// Numbers of rolled files that are not there.
    package var missing: [Int]

    /// The files of the log at `path`, which is a file, a folder of a rolled log, or a folder with one log.
    ///
    /// - Throws: `MT7030` when there is no log, or more than one to choose from.
    package static func find(_ path: String) throws(MartletError) -> EventLogFiles {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MartletError(
                .sparkLogMissing,
                "there is no event log \(path)",
                remedy: "give the file or folder that Spark wrote below spark.eventLog.dir"
            )
        }
        guard isFolder.boolValue else {
            return EventLogFiles(paths: [path], isInProgress: path.hasSuffix(".inprogress"), missing: [])
        }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw MartletError(.sparkLogMissing, "the folder \(path) cannot be read", cause: error.localizedDescription)
        }
        if let rolled = ordered(names, in: path) { return rolled }
        let logs = names.filter { isLog($0) }.sorted()
        guard logs.count == 1 else {
            throw MartletError(
                .sparkLogMissing,
                logs.isEmpty ? "there is no event log in \(path)" : "there are \(logs.count) event logs in \(path)",
                reason: logs.isEmpty
                    ? "event logs are called eventlog_v2_..., app-..., application_... or local-..."
                    : logs.suffix(5).joined(separator: "\n"),
                remedy: "give the path of one log"
            )
        }
        return try find("\(path)/\(logs[0])")
    }

    /// The rolled files among the names of a folder, in order; nil when there are none.
    ///
    /// A pure function, so that every mix of rolled and compacted files can be tried.
    package static func ordered(_ names: [String], in folder: String) -> EventLogFiles? {
        var files: [(number: Int, isCompact: Bool, name: String)] = []
        for name in names where name.hasPrefix("events_") {
            let digits = name.dropFirst("events_".count).prefix { $0.isASCII && $0.isNumber }
            // More digits than Spark ever writes are no number of a file, and could not be counted on from.
            guard digits.count <= 15, let number = Int(digits),
                name.dropFirst("events_".count + digits.count).first == "_"
            else { continue }
            files.append((number, name.hasSuffix(".compact"), name))
        }
        guard !files.isEmpty else { return nil }
        files.sort { ($0.number, $0.isCompact ? 1 : 0, $0.name) < ($1.number, $1.isCompact ? 1 : 0, $1.name) }
        // The compacted file with the highest number replaces all up to it.
        if let compact = files.lastIndex(where: \.isCompact) { files.removeFirst(compact) }
        let first = files[0]
        let numbers = Set(files.map(\.number))
        let last = files[files.count - 1].number
        var missing: [Int] = []
        var expected = first.isCompact ? first.number + 1 : 1
        // No more than the files that there are: a name may hold any number.
        while expected <= last, missing.count < Limits.sparkCorruptPlaces {
            if !numbers.contains(expected) { missing.append(expected) }
            expected += 1
        }
        return EventLogFiles(
            paths: files.map { "\(folder)/\($0.name)" },
            isInProgress: names.contains { $0.hasPrefix("appstatus_") && $0.hasSuffix(".inprogress") },
            missing: missing
        )
    }

    /// Whether a file or folder is called as Spark calls its logs.
    private static func isLog(_ name: String) -> Bool {
        ["eventlog_v2_", "app-", "application_", "local-", "spark-"].contains { name.hasPrefix($0) }
    }
}
