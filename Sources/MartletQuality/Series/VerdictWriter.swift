/// Writes verdicts as lines of JSON, one object a row.
struct VerdictWriter {
    /// Whether to say by what rule, on how much history and with which season a row was judged.
    var explains = false
    /// Lines that have not been taken yet.
    var output: [UInt8] = []

    /// Whether a byte can stand in JSON text as it is.
    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C }

    /// Appends a row; `value` is the field's own bytes where they are a number as JSON has it.
    mutating func append(
        _ verdict: PointVerdict,
        time: CSVRecord.Field,
        value: CSVRecord.Field?,
        row: Int,
        in bytes: UnsafeBufferPointer<UInt8>,
        hasTime: Bool
    ) {
        literal(#"{"timestamp":"#)
        if hasTime { append(string: time, in: bytes) } else { SeriesNumber.append(row, to: &output) }
        literal(#","value":"#)
        if verdict.value.isNaN {
            literal("null")
        } else if let value {
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[value.start..<value.end]))
        } else {
            append(JSONNumber.text(verdict.value))
        }
        literal(#","expected":"#)
        SeriesNumber.append(verdict.expected, to: &output)
        literal(#","lower":"#)
        SeriesNumber.append(verdict.lower, to: &output)
        literal(#","upper":"#)
        SeriesNumber.append(verdict.upper, to: &output)
        literal(#","score":"#)
        SeriesNumber.append(score: verdict.score, to: &output)
        if verdict.isAnomaly {
            literal(#","anomaly":true,"episode":"#)
            SeriesNumber.append(verdict.episode, to: &output)
        } else {
            literal(#","anomaly":false,"episode":null"#)
        }
        if explains { appendReasons(verdict) }
        literal("}\n")
    }

    private mutating func appendReasons(_ verdict: PointVerdict) {
        append(#","state":""# + verdict.state.rawValue + #"","rule":"#)
        append(verdict.rule.map { "\"\($0.rawValue)\"" } ?? "null")
        literal(#","history":"#)
        SeriesNumber.append(verdict.history, to: &output)
        literal(#","season_seconds":"#)
        if verdict.season > 0 {
            SeriesNumber.append(Double(verdict.season) / 1e6, to: &output)
        } else {
            literal("null")
        }
        append(#","alpha":"# + JSONNumber.text(verdict.alpha))
    }

    @inline(__always)
    private mutating func literal(_ text: StaticString) {
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func append(string field: CSVRecord.Field, in bytes: UnsafeBufferPointer<UInt8>) {
        let text = UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
        if !field.hasEscapes, text.allSatisfy(Self.isPlain) {
            output.append(UInt8(ascii: "\""))
            output.append(contentsOf: text)
            output.append(UInt8(ascii: "\""))
        } else {
            append(JSONNumber.string(CSVScanner.text(field, in: bytes)))
        }
    }
}
