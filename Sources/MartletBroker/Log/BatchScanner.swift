internal import MartletCore

/// Goes through the batches of a log file, reading large pieces.
struct BatchScanner {
    /// How much of each batch is needed.
    enum Depth {
        /// Only headers: the records are jumped over.
        case headers
        /// Whole batches.
        case batches
    }

    /// What stands at a position.
    enum Step {
        /// A batch of plausible length; its bytes are only there at depth `batches`, until the next step.
        case batch(RecordBatchHeader, at: Int)
        /// The end of the file.
        case end
        /// No batch.
        case damaged(at: Int, reason: String)
    }

    private let file: any LogFile
    private let depth: Depth
    private let end: Int
    private let memory: ScratchMemory
    private var windowStart = 0
    private var windowCount = 0
    private var current = 0..<0
    /// Where the next batch begins.
    private(set) var position: Int

    /// A walk from `position`, where a batch has to begin, up to `end`.
    init(_ file: any LogFile, from position: Int, to end: Int, _ depth: Depth, memory: ScratchMemory = ScratchMemory())
    {
        self.file = file
        self.position = position
        self.end = end
        self.depth = depth
        self.memory = memory
    }

    /// The next batch, or why there is none.
    ///
    /// - Throws: ``LogError`` 56 when the file cannot be read.
    mutating func next() throws(LogError) -> Step {
        let start = position
        guard start < end else { return .end }
        guard let bytes = try window(start, RecordBatchHeader.byteCount), let header = RecordBatchHeader(bytes) else {
            return .damaged(at: start, reason: "the file ends within the header of a batch")
        }
        guard header.isPlausible else { return .damaged(at: start, reason: "no batch begins here") }
        guard header.totalBytes <= end - start else {
            return .damaged(at: start, reason: "the file ends within a batch")
        }
        if case .batches = depth, try window(start, header.totalBytes) == nil {
            return .damaged(at: start, reason: "the file ends within a batch")
        }
        current = start..<(start + header.totalBytes)
        position = current.upperBound
        return .batch(header, at: start)
    }

    /// The batch of the last step, whole at any depth; valid until the next call of anything.
    ///
    /// - Throws: ``LogError`` 56 when the file cannot be read.
    mutating func batch() throws(LogError) -> RecordBatchView? {
        guard let bytes = try window(current.lowerBound, current.count) else { return nil }
        return RecordBatchView(bytes)
    }

    /// Bytes of the file; nil when it is shorter.
    private mutating func window(_ start: Int, _ count: Int) throws(LogError) -> UnsafeRawBufferPointer? {
        if start < windowStart || start + count > windowStart + windowCount {
            let piece: Int
            switch depth {
            case .headers: piece = Limits.hopBytes
            case .batches: piece = Limits.scanBytes
            }
            let wanted = min(max(count, piece), end - start)
            guard wanted >= count else { return nil }
            memory.grow(to: wanted)
            windowStart = start
            windowCount = 0
            windowCount = try file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[..<wanted]),
                at: start
            )
            guard windowCount >= count else { return nil }
        }
        return UnsafeRawBufferPointer(memory.bytes).slice(start - windowStart, start - windowStart + count)
    }
}
