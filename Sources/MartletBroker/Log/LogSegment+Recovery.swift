internal import MartletCore

extension LogSegment {
    /// What going through a segment of a log that was not closed has found.
    enum Found: Hashable {
        /// Whole batches up to its end.
        case whole
        /// Whole batches up to this position, and then something else.
        case damaged(at: Int, reason: String)
    }

    /// Goes through the file of a segment, checks each batch, and makes the indexes anew.
    ///
    /// `producers`: as they were before its first batch; as they are after its last one when this returns.
    ///
    /// - Throws: ``LogError`` 56.
    func recover(
        _ producers: inout ProducerStates,
        every interval: Int,
        at now: Int64,
        using decompressor: BatchDecompressor
    ) throws(LogError) -> Found {
        let end = try file.size()
        // Before anything is cut off, which would change it.
        let modified = try file.modified()
        defer { appended(modified) }
        var scanner = BatchScanner(file, from: 0, to: min(end, Limits.segmentBytes), .batches)
        while true {
            switch try scanner.next() {
            case .end:
                return end <= Limits.segmentBytes ? .whole : .damaged(at: Limits.segmentBytes, reason: "it is too long")
            case .damaged(let position, let reason): return .damaged(at: position, reason: reason)
            case .batch(let header, let position):
                guard header.baseOffset >= nextOffset, canHold(header.lastOffset) else {
                    return .damaged(at: position, reason: "the offsets do not rise")
                }
                guard let view = try scanner.batch(), view.isIntact else {
                    return .damaged(at: position, reason: "the checksum of a batch is not that of its bytes")
                }
                note(header, every: interval, at: now)
                let ended = producers.replay(view, at: now, using: decompressor)
                if let ended, ended.kind == .abort { note(AbortedTransaction(ended)) }
            }
        }
    }

    /// Replays batches for what they say of producers, from an offset on; the segment itself stays as it is.
    ///
    /// - Throws: ``LogError`` 56.
    func replay(
        _ producers: inout ProducerStates,
        from offset: Int64,
        at now: Int64,
        using decompressor: BatchDecompressor
    ) throws(LogError) {
        var scanner = scanner(.headers)
        while case .batch(let header, _) = try scanner.next() {
            guard header.hasProducer, header.baseOffset >= offset else { continue }
            if header.attributes.isControl {
                guard let view = try scanner.batch() else { continue }
                _ = producers.replay(view, at: now, using: decompressor)
            } else {
                producers.record(header, at: now)
            }
        }
    }
}

extension ProducerStates {
    /// Takes note of a batch that is in the log already.
    fileprivate mutating func replay(
        _ view: RecordBatchView,
        at now: Int64,
        using decompressor: BatchDecompressor
    ) -> Ended? {
        guard view.header.hasProducer else { return nil }
        guard view.header.attributes.isControl else {
            record(view.header, at: now)
            return nil
        }
        guard let marker = ControlRecord(of: view, using: decompressor) else { return nil }
        return record(view.header, marker: marker, at: now)
    }
}

extension AbortedTransaction {
    init(_ ended: ProducerStates.Ended) {
        self.init(
            producerID: ended.producerID,
            firstOffset: ended.firstOffset,
            lastOffset: ended.lastOffset,
            lastStableOffset: ended.lastStableOffset
        )
    }
}
