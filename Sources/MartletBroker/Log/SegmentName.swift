/// Names of the files of a partition: the base offset in 20 digits, and what the file holds.
enum SegmentName {
    /// What a file of a segment holds.
    enum Part: String, CaseIterable {
        /// The batches.
        case log
        /// Offsets to positions.
        case offsets = "index"
        /// Times to offsets.
        case times = "timeindex"
        /// Aborted transactions.
        case aborted = "txnindex"
        /// Producers at the base offset.
        case producers = "snapshot"
    }

    /// What can be made again from the batches.
    static let indexes = [Part.offsets, .times, .aborted]
    static let digits = 20
    /// A file that is to be removed.
    static let deleted = ".deleted"
    /// What compaction was writing.
    static let cleaned = ".cleaned"
    /// What compaction has written, to be put in the place of what it was made of.
    static let swap = ".swap"

    static func text(_ offset: Int64, _ part: Part) -> String {
        let number = String(offset)
        return String(repeating: "0", count: max(0, digits - number.count)) + number + "." + part.rawValue
    }

    /// What a name without suffix says; nil for files that are not of a segment.
    static func parse(_ name: some StringProtocol) -> (offset: Int64, part: Part)? {
        guard let dot = name.firstIndex(of: "."), name.distance(from: name.startIndex, to: dot) == digits,
            name[..<dot].utf8.allSatisfy({ (48...57).contains($0) }), let offset = Int64(name[..<dot]),
            let part = Part(rawValue: String(name[name.index(after: dot)...]))
        else { return nil }
        return (offset, part)
    }
}
