import Foundation
import Glibc
public import MartletCore
public import MartletQuality

/// Validation results on disk, in the layout of Great Expectations:
/// `<suite>/<run name or __none__>/<run time>/<batch id>.json`.
public struct ValidationFolder: Sendable {
    /// What stands for a run without a name.
    static let unnamed = "__none__"

    /// The folder; absolute.
    public let path: String

    /// The results in the folder `path`, which need not exist.
    public init(path: String) { self.path = path }

    /// The results of a project.
    public init(layout: ProjectLayout) { self.init(path: "\(layout.state)/quality/validations") }

    /// A result that is kept.
    public struct Entry: Hashable, Sendable {
        /// The suite's name.
        public var suite: String
        /// The run's name; nil when it has none.
        public var runName: String?
        /// When the run began, as in the name of the folder: `20260102T030405.678901Z`.
        public var runTime: String
        /// Which data it is about.
        public var batch: String
        /// The file; absolute.
        public var path: String
    }

    /// Keeps a result.
    ///
    /// - Returns: where it is.
    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be written.
    @discardableResult
    public func append(_ result: ValidationResult, json: JSONValue) throws(MartletError) -> Entry {
        let time = result.time.gxCompact
        let entry = Entry(
            suite: result.suite.name,
            runName: result.runName,
            runTime: time,
            batch: result.data.batchID,
            path: [result.suite.name, result.runName ?? Self.unnamed, time, result.data.batchID]
                .reduce(path) { "\($0)/\(PathName.escaped($1))" } + ".json"
        )
        try FileSystem.makeFolder((entry.path as NSString).deletingLastPathComponent)
        try FileSystem.write(Array(ExactJSON.indented(json).utf8), to: entry.path)
        return entry
    }

    /// The JSON of a result that is kept.
    ///
    /// - Throws: `.validationUnusable` when it cannot be read, or is no JSON.
    public func json(_ entry: Entry) throws(MartletError) -> JSONValue {
        guard let size = FileSystem.size(of: entry.path), size <= Limits.validationFileBytes,
            let data = FileManager.default.contents(atPath: entry.path),
            let json = try? ExactJSON.value(bytes: Array(data))
        else {
            throw MartletError(
                .validationUnusable,
                "the validation result \(entry.path) cannot be read",
                remedy: "remove the file; it is only a record"
            )
        }
        return json
    }

    /// The suites of which there are results, by name.
    public func suites() -> [String] { folders(path).map(PathName.unescaped).sorted() }

    /// The results of a suite, newest first, read as far as they are asked for.
    public func entries(of suite: String) -> some Sequence<Entry> {
        let folder = "\(path)/\(PathName.escaped(suite))"
        // Names of runs are few; their times are the names of folders, so nothing else has to be read to sort.
        let runs = folders(folder).flatMap { run in folders("\(folder)/\(run)").map { (run: run, time: $0) } }
            .sorted { ($0.time, $0.run) > ($1.time, $1.run) }
        return runs.lazy.flatMap { run in
            let place = "\(folder)/\(run.run)/\(run.time)"
            return names(place).filter { $0.hasSuffix(".json") }.sorted().map { name in
                Entry(
                    suite: suite,
                    runName: run.run == Self.unnamed ? nil : PathName.unescaped(run.run),
                    runTime: PathName.unescaped(run.time),
                    batch: PathName.unescaped(String(name.dropLast(5))),
                    path: "\(place)/\(name)"
                )
            }
        }
    }

    private func folders(_ path: String) -> [String] {
        names(path).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }

    private func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") }
    }
}

/// Names as parts of a path.
enum PathName {
    /// `name` with `%XX` for what no part of a path should hold; a long one is cut and keeps a hash of all of it.
    static func escaped(_ name: String) -> String {
        var escaped = ""
        for (index, byte) in name.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                escaped.append(Character(Unicode.Scalar(byte)))
            case UInt8(ascii: ".") where index > 0: escaped.append(".")
            default: escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        if escaped.isEmpty { return "%" }
        guard escaped.utf8.count > 200 else { return escaped }
        // FNV-1a of 64 bits: names that differ only in their ends stay apart.
        let hash = name.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return escaped.prefix(180) + "%%" + String(hash, radix: 16)
    }

    /// The name that was escaped, as far as it was kept.
    static func unescaped(_ name: String) -> String {
        name == "%" ? "" : name.removingPercentEncoding ?? name
    }
}
