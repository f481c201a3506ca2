package import MartletCore

/// What lists and trends say of a validation: all that is kept of it once its page is written.
package struct ValidationSummary: Hashable, Sendable {
    /// The file it was read from: what tells it from others.
    package var key: String
    /// The page that shows it.
    package var page: String
    package var suite: String
    package var dataset: String
    package var runName: String?
    /// When it was validated; the time of its file when it does not say.
    package var time: Timestamp
    package var status: ReportStatus
    package var evaluated: Int
    package var successful: Int
    package var version: String?
    package var rowCount: Int?
    /// The share of nulls by column, 0...1; kept of the newest validations of a dataset only.
    package var nullShares: [String: Double]

    /// A summary with these parts.
    package init(
        key: String,
        page: String,
        suite: String,
        dataset: String,
        runName: String? = nil,
        time: Timestamp,
        status: ReportStatus,
        evaluated: Int,
        successful: Int,
        version: String? = nil,
        rowCount: Int? = nil,
        nullShares: [String: Double] = [:]
    ) {
        self.key = key
        self.page = page
        self.suite = suite
        self.dataset = dataset
        self.runName = runName
        self.time = time
        self.status = status
        self.evaluated = evaluated
        self.successful = successful
        self.version = version
        self.rowCount = rowCount
        self.nullShares = nullShares
    }

    /// The share of expectations that were met, 0...1; nil without any.
    package var share: Double? { evaluated == 0 ? nil : Double(successful) / Double(evaluated) }
}

extension ValidationSummary {
    /// The summary of a record that was read from `key`.
    ///
    /// - Parameters:
    ///   - record: the validation.
    ///   - key: the file.
    ///   - modified: when the file was written; it stands in for a time that the record does not tell.
    package init(_ record: ValidationRecord, key: String, modified: Timestamp) {
        let time = record.time ?? modified
        let known = record.nullShares
        let columns =
            known.count <= Limits.reportTrendColumns
            ? known
            : Dictionary(
                uniqueKeysWithValues: known.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                    .prefix(Limits.reportTrendColumns)
                    .map { ($0.key, $0.value) }
            )
        self.init(
            key: key,
            page: ReportPath.validation(suite: record.suite, time: time, key: key),
            suite: ReportNumber.cut(record.suite, to: Limits.reportValueCharacters),
            dataset: ReportNumber.cut(record.dataset, to: Limits.reportValueCharacters),
            runName: record.runName.map { ReportNumber.cut($0, to: Limits.reportValueCharacters) },
            time: time,
            status: record.status,
            evaluated: record.statistics.evaluated,
            successful: record.statistics.successful,
            version: record.versions.first.map { ReportNumber.exact($0.value) },
            rowCount: record.rowCount,
            nullShares: columns
        )
    }
}
