/// Which epoch the log's leader had from which offset on: Kafka's `leader-epoch-checkpoint`.
///
/// The epoch rises with each start after a crash, since what was seen before may be gone: clients that ask for the end of
/// their epoch notice (KIP-320).
struct LeaderEpochs: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var epoch: Int32
        var startOffset: Int64
    }

    static let fileName = "leader-epoch-checkpoint"
    private(set) var entries: [Entry]

    init(_ entries: [Entry] = []) { self.entries = entries }

    /// The epoch now.
    var current: Int32 { entries.last?.epoch ?? 0 }

    /// Begins the next epoch at an offset; epochs that would begin after it are forgotten.
    mutating func raise(at offset: Int64) {
        let next = current == Int32.max ? current : current + 1
        if entries.isEmpty, offset > 0 { entries.append(Entry(epoch: 0, startOffset: 0)) }
        entries.removeAll { $0.startOffset >= offset }
        entries.append(Entry(epoch: next, startOffset: offset))
    }

    /// The latest epoch up to `epoch` that the log has, and the offset at which it ended; nil when it has none.
    func end(of epoch: Int32, logEnd: Int64) -> (epoch: Int32, endOffset: Int64)? {
        guard epoch >= 0, epoch <= current else { return nil }
        if entries.isEmpty { return (0, logEnd) }
        guard let index = entries.lastIndex(where: { $0.epoch <= epoch }) else { return nil }
        let end = index + 1 < entries.count ? entries[index + 1].startOffset : logEnd
        return (entries[index].epoch, end)
    }

    /// The file: version, count, and a line for each epoch.
    var text: String {
        "0\n\(entries.count)\n" + entries.map { "\($0.epoch) \($0.startOffset)\n" }.joined()
    }

    /// The epochs that a file says; nil when it is damaged.
    init?(text: String) {
        let lines = text.split(separator: "\n")
        guard lines.count >= 2, lines[0] == "0", Int(lines[1]) == lines.count - 2 else { return nil }
        entries = []
        for line in lines.dropFirst(2) {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let epoch = Int32(parts[0]), let start = Int64(parts[1]),
                epoch > (entries.last?.epoch ?? -1), start >= (entries.last?.startOffset ?? 0)
            else { return nil }
            entries.append(Entry(epoch: epoch, startOffset: start))
        }
    }
}
