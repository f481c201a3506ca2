package import MartletCore

extension ValidationRecord {
    /// Reads a validation result; a checkpoint's result is not one, but holds some.
    ///
    /// It is nil when `json` is something else; `fallback` is what the data is called when the document does not say.
    package init?(_ json: JSONValue, fallback: String) {
        guard case .array(let results)? = json["results"], case .bool(let success)? = json["success"] else {
            return nil
        }
        let meta = json["meta"] ?? .object([:])
        self.success = success
        self.results = results.compactMap(ExpectationRecord.init)
        suite = json["suite_name"]?.stringValue ?? meta["expectation_suite_name"]?.stringValue ?? "unnamed suite"
        dataset =
            Self.dataset(meta) ?? self.results.lazy.compactMap { $0.arguments["batch_id"]?.stringValue }.first
            ?? fallback
        runName = meta["run_id"]?["run_name"]?.stringValue.flatMap { $0 == "__none__" ? nil : $0 }
        let times = [meta["run_id"]?["run_time"], meta["validation_time"], meta["batch_markers"]?["ge_load_time"]]
        time = times.lazy.compactMap { $0?.stringValue.flatMap(ReportTime.parse) }.first
        let met = self.results.count { $0.success }
        statistics = Statistics(
            evaluated: json["statistics"]?["evaluated_expectations"]?.count ?? self.results.count,
            successful: json["statistics"]?["successful_expectations"]?.count ?? met
        )
        versions = Self.versions(meta)
        batch = Self.batchMembers.compactMap { name in
            guard let value = meta[name], value != .null, value != .object([:]) else { return nil }
            return Fact(name, value)
        }
        let parameters = json["suite_parameters"] ?? json["evaluation_parameters"]
        self.parameters = parameters == .object([:]) || parameters == .null ? nil : parameters
        writer = meta["great_expectations_version"]?.stringValue.map { "Great Expectations \($0)" }
        // Martlet names the version of Great Expectations whose shape it wrote; this is who wrote it.
        if let version = meta["martlet_version"]?.stringValue {
            writer = "Martlet \(version)"
            if let engine = meta["martlet_engine"]?.stringValue { writer?.append(" on \(engine)") }
            if let semantics = meta["martlet_semantics"]?.stringValue { writer?.append(", \(semantics) semantics") }
        }
    }

    private static let batchMembers = [
        "active_batch_definition", "batch_spec", "batch_markers", "batch_parameters", "batch_kwargs",
    ]

    /// The name of the data asset, in the places that the versions of Great Expectations had for it.
    private static func dataset(_ meta: JSONValue) -> String? {
        let definition = meta["active_batch_definition"] ?? .null
        let names = [
            definition["data_asset_name"], meta["batch_kwargs"]?["data_asset_name"],
            meta["batch_spec"]?["data_asset_name"], meta["batch_spec"]?["path"], meta["batch_kwargs"]?["path"],
        ]
        return names.lazy.compactMap { $0?.stringValue }.first { !$0.isEmpty }
    }

    private static func versions(_ meta: JSONValue) -> [Fact] {
        let markers = meta["batch_markers"] ?? .null
        let identifiers = meta["active_batch_definition"]?["batch_identifiers"] ?? .null
        let known = [
            ("commit", identifiers["commit"]), ("digest", identifiers["digest"]), ("version", identifiers["version"]),
            ("commit", markers["lake_commit"]), ("digest", markers["digest"]),
            ("fingerprint", markers["pandas_data_fingerprint"]),
        ]
        return known.compactMap { name, value in
            guard let value, let text = value.stringValue, !text.isEmpty else { return nil }
            return Fact(name, value)
        }
    }
}

extension ExpectationRecord {
    /// Reads one result of a validation; nil when it has no expectation.
    init?(_ json: JSONValue) {
        guard let config = json["expectation_config"],
            let type = config["type"]?.stringValue ?? config["expectation_type"]?.stringValue
        else { return nil }
        self.type = type
        arguments = config["kwargs"]?.members ?? [:]
        success = json["success"] == .bool(true)
        severity = (config["severity"]?.stringValue).flatMap(Severity.init)
        description = config["description"]?.stringValue
        notes = ReportNotes.lines(config["notes"]) + ReportNotes.lines(config["meta"]?["notes"])
        result = json["result"]?.members ?? [:]
        failures = Self.failures(json["exception_info"])
    }

    /// One failure in the flat form, or any number of them by metric.
    private static func failures(_ info: JSONValue?) -> [Failure] {
        guard let info else { return [] }
        let forms = info["raised_exception"] == nil ? info.members.sorted { $0.key < $1.key }.map(\.value) : [info]
        var failures: [Failure] = []
        for form in forms where form["raised_exception"] == .bool(true) {
            let failure = Failure(
                message: form["exception_message"]?.stringValue ?? "no message",
                traceback: form["exception_traceback"]?.stringValue
            )
            // Several metrics of a check fail for the same reason more often than not.
            if !failures.contains(where: { $0.message == failure.message }) { failures.append(failure) }
        }
        return failures
    }
}

extension JSONValue {
    /// The members of an object; none of anything else.
    var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// A whole number that is not negative, also when it is written with a fraction of 0; nil for anything else.
    var count: Int? { doubleValue.flatMap { Int(exactly: $0) }.map { max(0, $0) } }

    /// Whether no whole number in the document is beyond `limit`.
    func isWithin(_ limit: UInt) -> Bool {
        switch self {
        case .integer(let value): value.magnitude <= limit
        case .array(let elements): elements.allSatisfy { $0.isWithin(limit) }
        case .object(let members): members.values.allSatisfy { $0.isWithin(limit) }
        default: true
        }
    }

    /// The elements of an array; none of anything else.
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}

/// Words that people wrote into suites: text, a list of texts, or `{"format", "content"}` as in GX 0.18.
enum ReportNotes {
    static func lines(_ notes: JSONValue?) -> [String] {
        switch notes {
        case .string(let text): text.isEmpty ? [] : [text]
        case .array(let texts): texts.flatMap { lines($0) }
        case .object(let members): lines(members["content"])
        default: []
        }
    }
}
