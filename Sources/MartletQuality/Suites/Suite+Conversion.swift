import MartletCore

/// A suite in another shape, and what could not come along unchanged.
public struct SuiteConversion: Hashable, Sendable {
    /// The suite in its new shape.
    public var suite: Suite
    /// What was changed or left out, each with its place.
    public var notes: [String]
}

extension Suite {
    /// The suite in another shape.
    ///
    /// Names that were changed between 0.18 and 1.x are translated, as are evaluation parameters, row conditions and
    /// notes. What the new shape cannot say goes to `meta.martlet`, from which it comes back the other way, or is left
    /// out and told.
    public func converted(to shape: SuiteShape) -> SuiteConversion {
        guard shape != self.shape else { return SuiteConversion(suite: self, notes: []) }
        var notes: [String] = []
        var suite = self
        suite.shape = shape
        if shape == .zero18 {
            suite.extra["data_asset_type"] = suite.extra["data_asset_type"] ?? .null
            if let words = suite.notes { suite.meta["notes"] = SuiteWords.old(words) }
            suite.notes = nil
        } else if self.shape == .zero18 {
            for key in ["data_asset_type", "ge_cloud_id"] {
                guard let value = suite.extra.removeValue(forKey: key), value != .null else { continue }
                notes.append("\(key) \(value.jsonText) is left out: GX 1.x has none")
            }
            if let words = suite.meta.removeValue(forKey: "notes") { suite.notes = SuiteWords.new(words) }
        }
        suite.meta.removeValue(forKey: "great_expectations_version")
        if shape != .short {
            suite.meta["great_expectations_version"] = .string(ValidationResult.peerVersion(shape))
        }
        for index in suite.expectations.indices {
            var converter = ExpectationConverter(place: "expectations[\(index)]", shape: shape)
            suite.expectations[index] = converter.converted(suite.expectations[index], from: self.shape)
            notes += converter.notes
        }
        return SuiteConversion(suite: suite, notes: notes)
    }
}

/// Notes, which 0.18 keeps in `meta` as `{"format": "markdown", "content": [...]}`.
enum SuiteWords {
    static func old(_ words: JSONValue) -> JSONValue {
        let content: JSONValue = if case .array = words { words } else { .array([words]) }
        return .object(["format": "markdown", "content": content])
    }

    static func new(_ words: JSONValue) -> JSONValue {
        guard let content = words["content"] else { return words }
        if case .array(let lines) = content, lines.count == 1 { return lines[0] }
        return content
    }
}
