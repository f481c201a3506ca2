import MartletCore
import MartletStreams

/// Results as records of topics.
struct TopicRecords {
    let shape: ResultShape
    let json: ResultJSON
    let keying: TopicResultStore.Keying
    let output: String
    let deadLetters: String

    /// The records, in pieces that are not too large for one call, in the order of the results.
    func pieces(_ results: StreamResults) -> [OutgoingRecords] {
        var pieces = [OutgoingRecords]()
        var piece = OutgoingRecords()
        func cut() {
            if !piece.isEmpty { pieces.append(piece) }
            piece = OutgoingRecords()
        }
        var (key, value) = ([UInt8](), [UInt8]())
        for pane in results.panes {
            if piece.count >= Limits.streamSendRecords { cut() }
            key.removeAll(keepingCapacity: true)
            value.removeAll(keepingCapacity: true)
            appendKey(pane, to: &key)
            if !pane.isRetraction { json.append(pane, to: &value) }
            piece.append(to: output, key: key, value: pane.isRetraction ? nil : value)
        }
        for row in results.rows {
            if piece.count >= Limits.streamSendRecords { cut() }
            value.removeAll(keepingCapacity: true)
            json.append(row, to: &value)
            // The record's place is its identity; with it as the key, compaction never drops one for another.
            piece.append(to: output, key: Array("\(row.partition)-\(row.offset)".utf8), value: value)
        }
        for event in results.rejected {
            if piece.count >= Limits.streamSendRecords { cut() }
            let letter = DeadLetter(
                errorClass: event.reason,
                message: event.detail,
                partition: event.partition,
                offset: event.offset,
                timestamp: event.timestamp,
                run: shape.stream
            )
            piece.append(to: deadLetters, key: event.key, value: event.value, headers: letter.headers)
        }
        cut()
        return pieces
    }

    private func appendKey(_ pane: Pane, to bytes: inout [UInt8]) {
        guard keying == .key else { return json.appendKey(pane, to: &bytes) }
        if pane.key.count == 1, case .text(let text)? = pane.key.first {
            return bytes.append(contentsOf: text.utf8)
        }
        bytes.append(91)
        for (index, value) in pane.key.enumerated() {
            if index > 0 { bytes.append(44) }
            json.append(value, to: &bytes)
        }
        bytes.append(93)
    }
}
