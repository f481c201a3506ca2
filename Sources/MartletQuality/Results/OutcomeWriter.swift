import MartletCore

/// Writes one outcome as Great Expectations does, at the level of a format.
struct OutcomeWriter {
    let outcome: CheckOutcome
    let check: Check
    let format: ResultFormat
    let mask: ValueMask
    let semantics: Semantics

    /// What belongs under `result`; numbers that are not finite are null, and named under `non_finite`.
    var result: [String: JSONValue] {
        guard outcome.failure == nil, format.level > .booleanOnly else { return [:] }
        let members: [String: JSONValue] =
            switch outcome.observation {
            case .nothing: [:]
            case .counts(let counts): self.counts(counts)
            case .value(let value, let details, let more): self.value(value, details, more)
            }
        return NonFinite.replaced(members)
    }

    /// Whether the check could be made, and why not.
    var exceptionInfo: JSONValue {
        guard let failure = outcome.failure else { return Self.exception(nil, nil) }
        let info =
            mask.isOn
            ? Self.exception(
                "\(failure.error.code): the check cannot be made; why is not shown of a masked column",
                nil
            )
            : Self.exception(failure.error.message, failure.error.description)
        // Where no metric can be named, Great Expectations writes the members without its id around them.
        return failure.metric.isEmpty ? info : .object([failure.metric: info])
    }

    private static func exception(_ message: String?, _ trace: String?) -> JSONValue {
        .object([
            "raised_exception": .bool(message != nil), "exception_message": message.map(JSONValue.string) ?? .null,
            "exception_traceback": trace.map(JSONValue.string) ?? .null,
        ])
    }

    private func value(
        _ value: JSONValue?,
        _ details: [String: JSONValue],
        _ more: [String: JSONValue]
    ) -> [String: JSONValue] {
        var members = more.mapValues(mask.observed)
        if let value { members["observed_value"] = mask.observed(value) }
        if !details.isEmpty { members["details"] = .object(details.mapValues(mask.observed)) }
        return members
    }

    // MARK: - Counts

    private func counts(_ counts: RowCounts) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "element_count": .integer(counts.elementCount), "unexpected_count": .integer(counts.unexpectedCount),
        ]
        let total = Self.percent(counts.unexpectedCount, of: counts.elementCount)
        var share = total
        if let missing = counts.missingCount {
            share = Self.percent(counts.unexpectedCount, of: counts.elementCount - missing)
            members["missing_count"] = .integer(missing)
            members["missing_percent"] = Self.percent(missing, of: counts.elementCount)
            members["unexpected_percent_total"] = total
            members["unexpected_percent_nonmissing"] = share
        }
        members["unexpected_percent"] = share
        addValues(counts, &members)
        return members
    }

    private func addValues(_ counts: RowCounts, _ members: inout [String: JSONValue]) {
        let most = format.partialUnexpectedCount
        let values = counts.unexpectedValues.map(mask.unexpected)
        // Over SQL no places are told of duplicates in several columns, and no more of others than of partial lists.
        let index = semantics == .sql && check.rule.isCombination ? nil : counts.unexpectedIndex?.map(mask.row)
        if !format.excludesValues { members["partial_unexpected_list"] = .array(Array(values.prefix(most))) }
        // Great Expectations names them for every map expectation but this one.
        if !format.indexColumns.isEmpty, !check.rule.isNull {
            members["unexpected_index_column_names"] = .array(format.indexColumns.map(JSONValue.string))
        }
        if format.includesUnexpectedRows {
            members["unexpected_rows"] = .array((counts.unexpectedRows ?? []).prefix(most).map(mask.row))
        }
        guard format.level >= .summary else { return }
        if most > 0 {
            if !format.excludesValues {
                members["partial_unexpected_counts"] = ValueTally(columns: mask.columns, hasNaN: semantics == .pandas)
                    .counts(of: values, most: most)
            }
            if let index { members["partial_unexpected_index_list"] = partial(index, most) }
        }
        guard format.level == .complete else { return }
        if !format.excludesValues { members["unexpected_list"] = .array(values) }
        if let index { members["unexpected_index_list"] = partial(index, semantics == .sql ? most : .max) }
        if format.returnsIndexQuery, let query = counts.indexQuery {
            members["unexpected_index_query"] = .string(query)
        }
    }

    /// The first places; without values they are lists by column: `[{"id": [3, 4, 5]}]`.
    private func partial(_ index: [JSONValue], _ most: Int) -> JSONValue {
        let places = Array(index.prefix(most))
        guard format.excludesValues, !format.indexColumns.isEmpty else { return .array(places) }
        if places.isEmpty { return .array([]) }
        let lists = format.indexColumns.map { name in
            JSONValue.array(places.map { $0[name] ?? .null })
        }
        return .array([.object(Dictionary(zip(format.indexColumns, lists)) { first, _ in first })])
    }

    /// In this order, so that the double is the same as theirs.
    private static func percent(_ part: Int, of whole: Int) -> JSONValue {
        whole > 0 ? .number(Double(part) / Double(whole) * 100) : .null
    }
}

extension NonFinite {
    /// `members` with null for numbers that JSON cannot write, and `non_finite` to tell what they were by their place.
    static func replaced(_ members: [String: JSONValue]) -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        func walk(_ value: JSONValue, _ place: String) -> JSONValue {
            switch value {
            case .number(let number) where !number.isFinite:
                found[place] = .string(name(of: number))
                return .null
            case .array(let elements):
                return .array(elements.enumerated().map { walk($1, "\(place)[\($0)]") })
            case .object(let members):
                return .object(
                    Dictionary(members.map { ($0, walk($1, place.isEmpty ? $0 : "\(place).\($0)")) }) { first, _ in
                        first
                    }
                )
            default: return value
            }
        }
        guard case .object(var replaced) = walk(.object(members), "") else { return members }
        if !found.isEmpty { replaced["non_finite"] = .object(found) }
        return replaced
    }
}

extension CheckRule {
    /// Whether it is that values are null.
    fileprivate var isNull: Bool { if case .values(_, .null) = self { true } else { false } }

    /// Whether it is that a combination of columns occurs once.
    fileprivate var isCombination: Bool {
        if case .multicolumn(_, .uniqueCombination, _) = self { true } else { false }
    }
}
