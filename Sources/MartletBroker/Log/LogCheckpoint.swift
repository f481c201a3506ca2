/// A file with an offset for each partition: version, count, and lines of topic, number and offset, as Kafka's.
enum LogCheckpoint {
    static func text(_ offsets: [PartitionName: Int64]) -> String {
        let lines = offsets.sorted { $0.key < $1.key }.map { "\($0.key.topic) \($0.key.index) \($0.value)\n" }
        return "0\n\(offsets.count)\n" + lines.joined()
    }

    /// The offsets that a file says; nil when it is damaged.
    static func parse(_ text: String) -> [PartitionName: Int64]? {
        let lines = text.split(separator: "\n")
        guard lines.count >= 2, lines[0] == "0", Int(lines[1]) == lines.count - 2 else { return nil }
        var offsets: [PartitionName: Int64] = [:]
        for line in lines.dropFirst(2) {
            let parts = line.split(separator: " ")
            guard parts.count == 3, PartitionName.isTopic(parts[0]), let index = Int32(parts[1]), index >= 0,
                let offset = Int64(parts[2]), offset >= 0
            else { return nil }
            offsets[PartitionName(String(parts[0]), index)] = offset
        }
        return offsets
    }
}
