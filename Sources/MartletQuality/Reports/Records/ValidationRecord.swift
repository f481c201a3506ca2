package import MartletCore

/// A validation result of Great Expectations' shape, 0.18 or 1.x, as far as reports show it.
package struct ValidationRecord: Hashable, Sendable {
    package var suite: String
    /// What the data is called.
    package var dataset: String
    package var success: Bool
    package var runName: String?
    /// When it was validated.
    package var time: Timestamp?
    /// Which version of the data it was: a commit, a digest, or whatever the document has; name and value.
    package var versions: [Fact]
    package var statistics: Statistics
    package var results: [ExpectationRecord]
    /// How the batch was found, loaded and told from others: the document's members under `meta`.
    package var batch: [Fact]
    package var parameters: JSONValue?
    /// What wrote the document, as in `Great Expectations 1.24.1`.
    package var writer: String?

    /// Something that is called so and is this.
    package struct Fact: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        /// The fact that `name` is `value`.
        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// How many expectations were met.
    package struct Statistics: Hashable, Sendable {
        package var evaluated: Int
        package var successful: Int

        /// Counts of expectations.
        package init(evaluated: Int, successful: Int) {
            self.evaluated = evaluated
            self.successful = successful
        }

        package var unsuccessful: Int { evaluated - successful }
        /// The share that was met, 0...1; nil without any.
        package var share: Double? { evaluated == 0 ? nil : Double(successful) / Double(evaluated) }
    }

    /// The verdict: a warning when nothing that is critical failed.
    package var status: ReportStatus {
        if success { return .passed }
        let worst = results.map(\.status).max()
        // A document may say that it failed without saying what did.
        guard let worst, worst.isBad else { return .failed }
        return worst == .error ? .failed : worst
    }

    /// Rows of the data, when a result tells.
    package var rowCount: Int? {
        for result in results where result.type.hasPrefix("expect_table_row_count") && !result.hasRowCondition {
            if case .integer(let count)? = result.observed { return count }
        }
        let counts = results.compactMap { result -> Int? in
            guard !result.hasRowCondition, case .integer(let count)? = result.result["element_count"] else {
                return nil
            }
            return count
        }
        return counts.max()
    }

    /// The share of nulls by column, 0...1, as far as results tell.
    package var nullShares: [String: Double] {
        var shares: [String: Double] = [:]
        for result in results where !result.hasRowCondition {
            guard let column = result.column, result.arguments["column"] != nil else { continue }
            let member: String
            switch result.type {
            case "expect_column_values_to_not_be_null": member = "unexpected_percent"
            case "expect_column_values_to_be_null": continue
            default: member = "missing_percent"
            }
            guard let percent = result.result[member]?.doubleValue else { continue }
            shares[column] = percent / 100
        }
        return shares
    }
}

/// The result of one expectation.
package struct ExpectationRecord: Hashable, Sendable {
    /// The type of the expectation, such as `expect_column_values_to_be_unique`.
    package var type: String
    package var arguments: [String: JSONValue]
    package var success: Bool
    package var severity: Severity?
    /// A sentence instead of the one that is made of the arguments.
    package var description: String?
    package var notes: [String]
    package var result: [String: JSONValue]
    package var failures: [Failure]

    /// Why an expectation could not be evaluated.
    package struct Failure: Hashable, Sendable {
        package var message: String
        package var traceback: String?
    }

    package var status: ReportStatus {
        ReportStatus(success: success, isError: !failures.isEmpty, severity: severity)
    }

    /// What was seen, when that is one value.
    package var observed: JSONValue? {
        // Not by `nil` in an expression: that would be the JSON value.
        guard let value = result["observed_value"], value != .null else { return nil }
        return value
    }

    package var hasRowCondition: Bool { arguments["row_condition"].map { $0 != .null } ?? false }

    /// The column, or columns, that it is about; nil when it is about the table.
    package var column: String? { Self.column(of: type, arguments) }

    /// The column, or columns, that an expectation of `type` is about; nil when it is about the table.
    static func column(of type: String, _ arguments: [String: JSONValue]) -> String? {
        if type.hasPrefix("expect_table_") { return nil }
        if let column = arguments["column"]?.stringValue { return column }
        if let left = arguments["column_A"]?.stringValue, let right = arguments["column_B"]?.stringValue {
            return "\(left), \(right)"
        }
        guard case .array(let columns)? = arguments["column_list"] else { return nil }
        return columns.map(\.displayText).joined(separator: ", ")
    }
}
