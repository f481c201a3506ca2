public import MartletCore
import MartletQuality

/// Profiles and comparisons that are kept for reports: `<what>/<data>/<time>.json`.
public struct QualityRecords: Sendable {
    /// What is kept.
    public enum Kind: String, Sendable {
        case profiles, drift
    }

    private let folder: String

    /// The records of a project.
    public init(layout: ProjectLayout) { folder = "\(layout.state)/quality" }

    /// Keeps a record.
    ///
    /// - Parameters:
    ///   - json: its text.
    ///   - kind: what it is.
    ///   - source: the data that it is about.
    ///   - time: when it was made.
    /// - Returns: where it is.
    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be written.
    public func add(
        _ json: String,
        _ kind: Kind,
        of source: String,
        at time: Timestamp
    ) throws(MartletError) -> String {
        let place = "\(folder)/\(kind.rawValue)/\(PathName.escaped(source))"
        try FileSystem.makeFolder(place)
        let path = "\(place)/\(time.gxCompact).json"
        try FileSystem.write(Array("\(json)\n".utf8), to: path)
        return path
    }
}
