public import MartletCore

extension ValidationResult {
    /// The version of Great Expectations whose JSON is written.
    static func peerVersion(_ shape: SuiteShape) -> String { shape == .zero18 ? "0.18.22" : "1.24.1" }

    /// The result as Great Expectations writes it.
    ///
    /// - Parameters:
    ///   - format: how much is told; no more than what was fetched.
    ///   - shape: the JSON of 0.18 or of 1.x.
    /// - Returns: an object.
    public func json(format: ResultFormat = ResultFormat(), shape: SuiteShape = .one) -> JSONValue {
        var members: [String: JSONValue] = [
            "success": .bool(success), "results": .array(results(format, shape)), "statistics": statistics,
            "meta": .object(meta(shape)),
        ]
        if shape == .zero18 {
            members["evaluation_parameters"] = .object(parameters)
        } else {
            members["suite_name"] = .string(suite.name)
            members["suite_parameters"] = .object(parameters)
            members["id"] = .null
        }
        return .object(members)
    }

    /// How many expectations are met, and their share in percent; null without any.
    public var statistics: JSONValue {
        let count = outcomes.count
        return .object([
            "evaluated_expectations": .integer(count), "successful_expectations": .integer(successCount),
            "unsuccessful_expectations": .integer(count - successCount),
            "success_percent": count == 0 ? .null : .number(Double(successCount) / Double(count) * 100),
        ])
    }

    /// The results of the expectations, in the order of the suite.
    func results(_ format: ResultFormat, _ shape: SuiteShape) -> [JSONValue] {
        let masked = Set(masked.map { $0.lowercased() })
        return outcomes.indices.map { index in
            let check = checks[index]
            let mask = ValueMask(masked: masked, check: check)
            let outcome = outcomes[index]
            let writer = OutcomeWriter(outcome: outcome, check: check, format: format, mask: mask, semantics: semantics)
            return .object([
                "success": .bool(outcome.success),
                "expectation_config": config(suite.expectations[index], shape),
                "result": .object(writer.result),
                "meta": .object([:]),
                "exception_info": writer.exceptionInfo,
            ])
        }
    }

    private func config(_ expectation: Expectation, _ shape: SuiteShape) -> JSONValue {
        var arguments = expectation.arguments
        arguments["batch_id"] = .string(data.batchID)
        let keys = GXSuiteKeys.of(shape)
        var members: [String: JSONValue] = [
            keys.type: .string(expectation.type), "kwargs": .object(arguments), "meta": .object(expectation.meta),
        ]
        guard keys.hasWords else { return .object(members) }
        members["severity"] = .string(expectation.severity.rawValue)
        if let id = expectation.id { members["id"] = .string(id) }
        if let notes = expectation.notes { members["notes"] = notes }
        if let description = expectation.description { members["description"] = .string(description) }
        return .object(members)
    }

    private func meta(_ shape: SuiteShape) -> [String: JSONValue] {
        var members = meta
        members["great_expectations_version"] = .string(Self.peerVersion(shape))
        members["martlet_version"] = .string(version)
        members["martlet_semantics"] = .string(semantics.rawValue)
        members["martlet_engine"] = .string(engine)
        members["batch_spec"] = .object(data.spec)
        members["batch_markers"] = .object(["ge_load_time": .string(time.gxCompact)])
        members["active_batch_definition"] = .object([
            "datasource_name": .string(data.source), "data_connector_name": "fluent",
            "data_asset_name": .string(data.asset), "batch_identifiers": .object(data.identifiers),
        ])
        members["run_id"] = .object([
            "run_name": runName.map(JSONValue.string) ?? .null, "run_time": .string(time.gxText),
        ])
        if shape == .zero18 {
            members["expectation_suite_name"] = .string(suite.name)
            members["checkpoint_name"] = .null
            members["validation_time"] = .string(time.gxCompact)
        } else {
            members["validation_id"] = .null
            members["checkpoint_id"] = .null
            members["validation_time"] = .string(time.gxText)
            members["batch_parameters"] = .object(data.identifiers)
        }
        return members
    }
}

extension Timestamp {
    /// As Great Expectations writes instants: `2026-01-02T03:04:05.678901+00:00`.
    package var gxText: String { description.dropLast() + "+00:00" }

    /// As it writes them in names: `20260102T030405.678901Z`.
    package var gxCompact: String { description.filter { $0 != "-" && $0 != ":" } }
}
