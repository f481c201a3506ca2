public import MartletCore

/// Judges a series that comes as the bytes of a CSV file, in pieces, and gives its verdicts as lines of JSON.
///
/// What is given for a row depends on the rows up to it only.
public struct SeriesStream: Sendable {
    /// Which columns the series is in, and what is written of it.
    public struct Configuration: Sendable {
        /// The column with the times; nil when the rows are just one after the other.
        public var time: String?
        /// The column with the values.
        public var value: String
        /// What stands between fields; nil for what the first line uses.
        public var delimiter: UInt8?
        /// Whether lines of JSON are wanted.
        public var writesRows = true
        /// Whether these say how rows were judged.
        public var explains = false
        /// What the file is called in errors.
        public var name: String

        /// The columns of the file `name`.
        public init(name: String, time: String?, value: String) {
            self.name = name
            self.time = time
            self.value = value
        }
    }

    private let configuration: Configuration
    private var detector: SeriesDetector
    private var scanner: CSVScanner?
    private var columns = 0
    private var writer = VerdictWriter()
    /// What became of the rows so far.
    public private(set) var summary = SeriesSummary()

    /// A stream at its beginning.
    public init(_ configuration: Configuration, settings: DetectorSettings = DetectorSettings()) {
        self.configuration = configuration
        detector = SeriesDetector(settings: settings)
        writer.explains = configuration.explains
    }

    /// Takes the lines that have been written so far.
    public mutating func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) {
        writer.output.withUnsafeBytes(body)
        writer.output.removeAll(keepingCapacity: true)
    }

    /// Judges the rows that are complete in `bytes`, and says how many bytes that were.
    ///
    /// The bytes after these have to come first in the next call.
    ///
    /// - Parameters:
    ///   - bytes: what comes next of the file.
    ///   - isLast: whether nothing follows.
    /// - Returns: how many of the bytes are done with.
    /// - Throws: `MartletError` MT5040 for a column that is not there, MT5042 for what is not CSV.
    public mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) throws(MartletError) -> Int {
        var at = 0
        if scanner == nil {
            guard let start = try readHeader(bytes, isLast: isLast) else { return 0 }
            at = start
        }
        guard let scanner else { return at }
        let hasTime = configuration.time != nil
        while at < bytes.count {
            switch scanner.record(in: bytes, from: at, isLast: isLast) {
            case .incomplete:
                guard isLast else { return at }
                throw broken("has a quote that is opened and never closed")
            case .textAfterQuote(let field):
                throw broken("has text after the closing quote of field \(field + 1)")
            case .record(let record):
                at = record.end
                if record.isBlank, columns > 1 { continue }
                guard record.fields == columns else {
                    throw broken(
                        "has \(record.fields) \(record.fields == 1 ? "field" : "fields"), and the header \(columns)"
                    )
                }
                judge(record, in: bytes, hasTime: hasTime)
            }
        }
        return at
    }

    private mutating func judge(_ record: CSVRecord, in bytes: UnsafeBufferPointer<UInt8>, hasTime: Bool) {
        let reading = SeriesNumber.read(bytes, record.value.start, record.value.end)
        let time = hasTime ? SeriesTime.read(bytes, record.time.start, record.time.end) : nil
        let verdict = detector.observe(reading.value, at: time)
        summary.count(verdict, time: time, isMissing: reading.isMissing, hasTime: hasTime)
        if verdict.isAnomaly {
            summary.add(
                verdict,
                label: hasTime ? CSVScanner.text(record.time, in: bytes) : String(summary.rows)
            )
        }
        guard configuration.writesRows else { return }
        writer.append(
            verdict,
            time: record.time,
            value: reading.isJSON ? trimmed(record.value, bytes) : nil,
            row: summary.rows,
            in: bytes,
            hasTime: hasTime
        )
    }

    private func trimmed(_ field: CSVRecord.Field, _ bytes: UnsafeBufferPointer<UInt8>) -> CSVRecord.Field {
        var field = field
        while field.count > 0, bytes[field.start] == 32 || bytes[field.start] == 9 { field.start += 1 }
        while field.count > 0, bytes[field.end - 1] == 32 || bytes[field.end - 1] == 9 { field.end -= 1 }
        return field
    }

    // MARK: - The header

    private mutating func readHeader(
        _ bytes: UnsafeBufferPointer<UInt8>,
        isLast: Bool
    ) throws(MartletError) -> Int? {
        var start = 0
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { start = 3 }
        if bytes.count >= 2, (bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF) {
            throw MartletError(
                .seriesFileBroken,
                "\(configuration.name) is UTF-16, and only UTF-8 is read",
                remedy: "convert it: iconv -f UTF-16 -t UTF-8"
            )
        }
        if bytes.count <= start {
            guard isLast else { return nil }
            throw MartletError(
                .seriesFileBroken,
                "\(configuration.name) is empty",
                remedy: "give a CSV file whose first line names the columns"
            )
        }
        let body = UnsafeBufferPointer(rebasing: bytes[start...])
        var scanner = CSVScanner(delimiter: configuration.delimiter ?? CSVScanner.delimiter(of: body))
        switch scanner.record(in: bytes, from: start, isLast: isLast) {
        case .incomplete:
            guard isLast else { return nil }
            throw broken("has a quote that is opened and never closed", row: "the header")
        case .textAfterQuote(let field):
            throw broken("has text after the closing quote of field \(field + 1)", row: "the header")
        case .record(let record):
            let names = scanner.texts(in: bytes, from: start, isLast: isLast, count: record.fields)
            scanner.valueColumn = try column(configuration.value, in: names, option: "--value")
            if let time = configuration.time {
                scanner.timeColumn = try column(time, in: names, option: "--time")
            }
            columns = record.fields
            self.scanner = scanner
            return record.end
        }
    }

    private func column(_ name: String, in names: [String], option: String) throws(MartletError) -> Int {
        if let exact = names.firstIndex(of: name) { return exact }
        let trimmed = names.map { $0.trimmingBlanks }
        if let near = trimmed.firstIndex(of: name) { return near }
        let shown = trimmed.prefix(12).joined(separator: ", ")
        throw MartletError(
            .seriesColumnMissing,
            "\(configuration.name) has no column \"\(name)\" (\(option))",
            reason: "its columns are \(shown)\(names.count > 12 ? ", and \(names.count - 12) more" : "")",
            remedy: NearestName.of(name, among: trimmed).map { "did you mean \($0)?" }
                ?? "name one of its columns; --delimiter says what stands between them"
        )
    }

    private func broken(_ what: String, row: String? = nil) -> MartletError {
        MartletError(
            .seriesFileBroken,
            "\(configuration.name) is broken: \(row ?? "row \(summary.rows + 1)") \(what)",
            reason: "rows are counted from 1, the header not among them",
            remedy: "mend that row; fields with a delimiter, a quote or a line break in them stand in double quotes"
        )
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
