/// An entry of an index file: of fixed length, and in the order of the log.
protocol IndexEntry: Sendable {
    /// Length in the file.
    static var byteCount: Int { get }
    init(_ bytes: UnsafeRawBufferPointer)
    func append(to bytes: inout [UInt8])
}

/// Where a batch begins: Kafka's `.index`, relative offset and position, 32 bits each.
struct OffsetEntry: IndexEntry, Hashable {
    static let byteCount = 8
    var relativeOffset: Int32
    var position: Int32

    init(relativeOffset: Int32, position: Int32) {
        self.relativeOffset = relativeOffset
        self.position = position
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        relativeOffset = bytes.number(at: 0)
        position = bytes.number(at: 4)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(number: relativeOffset)
        bytes.append(number: position)
    }
}

/// The latest timestamp so far and the batch that has it: Kafka's `.timeindex`, 64 and 32 bits.
struct TimeEntry: IndexEntry, Hashable {
    static let byteCount = 12
    var timestamp: Int64
    var relativeOffset: Int32

    init(timestamp: Int64, relativeOffset: Int32) {
        self.timestamp = timestamp
        self.relativeOffset = relativeOffset
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        timestamp = bytes.number(at: 0)
        relativeOffset = bytes.number(at: 8)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(number: timestamp)
        bytes.append(number: relativeOffset)
    }
}

/// An index: in memory while its segment grows, searched on disk afterwards, so that old segments cost no memory.
struct SortedIndex<Entry: IndexEntry> {
    private enum Storage {
        case memory([Entry])
        case file(any LogFile, count: Int)
    }

    private var storage = Storage.memory([])
    /// The last entry.
    private(set) var last: Entry?

    init() {}

    /// The index in a file; nil when the file has half an entry.
    init?(_ file: any LogFile) throws(LogError) {
        let size = try file.size()
        guard size % Entry.byteCount == 0 else { return nil }
        let count = size / Entry.byteCount
        storage = .file(file, count: count)
        last = count > 0 ? try Self.entry(count - 1, in: file) : nil
    }

    var count: Int {
        switch storage {
        case .memory(let entries): entries.count
        case .file(_, let count): count
        }
    }

    /// Whether the last two entries stand as they must; a file whose end did not reach the disk has zeros there.
    func isEnd(where condition: (Entry, Entry) -> Bool) throws(LogError) -> Bool {
        guard count > 1 else { return true }
        return condition(try entry(count - 2), try entry(count - 1))
    }

    /// Appends an entry; only while the index is in memory.
    mutating func append(_ entry: Entry) {
        guard case .memory(var entries) = storage else { return }
        // So that the array has one owner when it grows.
        storage = .memory([])
        entries.append(entry)
        storage = .memory(entries)
        last = entry
    }

    /// The last entry for which the condition holds; it has to hold for all before one for which it does.
    func last(where condition: (Entry) -> Bool) throws(LogError) -> Entry? {
        var low = 0
        var high = count
        var found: Entry?
        while low < high {
            let middle = low + (high - low) / 2
            let entry = try entry(middle)
            if condition(entry) {
                found = entry
                low = middle + 1
            } else {
                high = middle
            }
        }
        return found
    }

    /// Writes the entries to a file, and searches that from now on.
    mutating func move(to file: any LogFile) throws(LogError) {
        guard case .memory(let entries) = storage else { return }
        try write(to: file)
        storage = .file(file, count: entries.count)
    }

    /// Writes the entries to a file, and goes on growing in memory.
    func write(to file: any LogFile) throws(LogError) {
        guard case .memory(let entries) = storage else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * Entry.byteCount)
        for entry in entries { entry.append(to: &bytes) }
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
    }

    /// Takes the entries into memory, to go on growing.
    mutating func load() throws(LogError) {
        guard case .file(let file, let count) = storage else { return }
        let bytes = try file.contents(count * Entry.byteCount)
        let entries = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - Entry.byteCount + 1, by: Entry.byteCount).map {
                Entry(bytes.slice($0, $0 + Entry.byteCount))
            }
        }
        storage = .memory(entries)
    }

    private func entry(_ number: Int) throws(LogError) -> Entry {
        switch storage {
        case .memory(let entries): entries[number]
        case .file(let file, _): try Self.entry(number, in: file)
        }
    }

    private static func entry(_ number: Int, in file: any LogFile) throws(LogError) -> Entry {
        let result = withUnsafeTemporaryAllocation(byteCount: Entry.byteCount, alignment: 8) { buffer in
            Result { () throws(LogError) -> Entry in
                guard try file.read(into: buffer, at: number * Entry.byteCount) == Entry.byteCount else {
                    throw .storage(StorageFault.damaged(file.path, "it became shorter while it was open"))
                }
                return Entry(UnsafeRawBufferPointer(buffer))
            }
        }
        return try result.get()
    }
}
