public import MartletCore

/// What came of several validations that were made together.
public struct CheckpointResult: Hashable, Sendable {
    /// What they are called together.
    public var name: String
    /// The validations in their order.
    public var validations: [ValidationResult]
    /// The run's name; nil when it has none.
    public var runName: String?
    /// When it began.
    public var time: Timestamp

    /// The result of `validations`.
    public init(name: String, validations: [ValidationResult], runName: String? = nil, time: Timestamp) {
        self.name = name
        self.validations = validations
        self.runName = runName
        self.time = time
    }

    /// Whether all validations succeeded.
    public var success: Bool { validations.allSatisfy(\.success) }

    /// The result as Great Expectations writes it, by the identifiers of the validations.
    public func json(format: ResultFormat = ResultFormat(), shape: SuiteShape = .one) -> JSONValue {
        var results: [String: JSONValue] = [:]
        for validation in validations {
            let result = validation.json(format: format, shape: shape)
            results[validation.identifier] =
                shape == .zero18 ? .object(["validation_result": result, "actions_results": .object([:])]) : result
        }
        return .object([
            "success": .bool(success), "run_results": .object(results),
            "run_id": .object(["run_name": runName.map(JSONValue.string) ?? .null, "run_time": .string(time.gxText)]),
            "checkpoint_config": .object(["name": .string(name)]),
        ])
    }

    /// The result as `CheckpointResult.describe()` of GX 1.x gives it.
    public func described(format: ResultFormat = ResultFormat()) -> JSONValue {
        let passed = validations.count(where: \.success)
        let count = validations.count
        return .object([
            "success": .bool(success),
            "statistics": .object([
                "evaluated_validations": .integer(count), "successful_validations": .integer(passed),
                "unsuccessful_validations": .integer(count - passed),
                "success_percent": count == 0 ? .null : .number(Double(passed) / Double(count) * 100),
            ]),
            "validation_results": .array(validations.map { $0.described(format) }),
        ])
    }
}

extension ValidationResult {
    /// `ValidationResultIdentifier::<suite>/<run name>/<run time>/<batch id>`.
    public var identifier: String {
        "ValidationResultIdentifier::\(suite.name)/\(runName ?? "__none__")/\(time.gxCompact)/\(data.batchID)"
    }

    fileprivate func described(_ format: ResultFormat) -> JSONValue {
        let expectations: [JSONValue] = results(format, .one).map { result in
            let config = result["expectation_config"]
            var members: [String: JSONValue] = [
                "expectation_type": config?["type"] ?? .null, "success": result["success"] ?? .null,
                "kwargs": config?["kwargs"] ?? .null, "result": result["result"] ?? .null,
            ]
            if let info = result["exception_info"], info["raised_exception"] == true {
                members["exception_info"] = info
            }
            return .object(members)
        }
        return .object([
            "success": .bool(success), "statistics": statistics, "expectations": .array(expectations),
            "result_url": .null,
        ])
    }
}
