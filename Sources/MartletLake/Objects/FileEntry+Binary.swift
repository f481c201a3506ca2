internal import MartletCore

// How a leaf keeps an entry: flags, size, content, chunk list if chunked, MD5, and which of the leaf's datasets owns it.
extension FileEntry {
    /// The fewest bytes that an entry takes.
    static let leastBytes = 2 + ObjectID.byteCount + MD5Digest.byteCount

    private enum Flag {
        static let executable: UInt8 = 1
        static let chunked: UInt8 = 2
        static let owned: UInt8 = 4
        static let all = executable | chunked | owned
    }

    func append(to bytes: inout [UInt8], dataset index: Int?) {
        var flags: UInt8 = isExecutable ? Flag.executable : 0
        if case .chunked = storage { flags |= Flag.chunked }
        if index != nil { flags |= Flag.owned }
        bytes.append(flags)
        bytes.append(number: size)
        bytes.append(id: content)
        if case .chunked(let list) = storage { bytes.append(id: list) }
        bytes.append(contentsOf: md5.bytes)
        if let index { bytes.append(number: index) }
    }

    init(from reader: inout ByteReader, datasets: [DatasetID]) throws(MalformedObject) {
        let flags = try reader.byte()
        guard flags & ~Flag.all == 0 else { throw MalformedObject("an entry has unknown flags") }
        let size = try reader.number()
        let content = try reader.id()
        let storage: Storage = flags & Flag.chunked == 0 ? .whole : .chunked(try reader.id())
        let md5 = try reader.md5()
        var dataset: DatasetID?
        if flags & Flag.owned != 0 {
            let index = try reader.number()
            guard index < datasets.count else { throw MalformedObject("an entry names a dataset that is not listed") }
            dataset = datasets[index]
        }
        let isExecutable = flags & Flag.executable != 0
        self.init(
            content: content,
            md5: md5,
            size: size,
            isExecutable: isExecutable,
            storage: storage,
            dataset: dataset
        )
    }
}
