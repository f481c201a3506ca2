import MartletCore

/// Reads a suite in one of the shapes of Great Expectations.
struct GXSuiteReader {
    let shape: SuiteShape
    private var keys: GXSuiteKeys { .of(shape) }

    init(shape: SuiteShape) { self.shape = shape }

    func suite(_ members: [String: JSONValue], _ fallback: String) throws(SuiteProblems) -> Suite {
        var reader = MemberReader(members: members, place: "")
        var suite = Suite(name: reader.text(keys.name) ?? fallback, shape: shape)
        suite.id = reader.text(keys.suiteID)
        suite.parameters = reader.object(keys.parameters)
        suite.meta = reader.object("meta")
        if keys.hasWords { suite.notes = reader.any("notes") }
        var problems: [MartletError] = []
        for (index, element) in reader.list("expectations").enumerated() {
            if index >= Limits.expectationsPerSuite {
                problems.append(
                    SuiteReader.notASuite("it has more than \(Limits.expectationsPerSuite) expectations")
                )
                break
            }
            if problems.count >= Limits.suiteProblems { break }
            guard case .object(let members) = element else {
                problems.append(
                    MartletError(.suiteUnreadable, "expectations[\(index)] is \(element.typeName), not an object")
                )
                continue
            }
            if let expectation = expectation(members, "expectations[\(index)].", &problems) {
                suite.expectations.append(expectation)
            }
        }
        suite.extra = reader.rest
        problems = reader.problems + problems
        guard problems.isEmpty else { throw SuiteProblems(problems) }
        return suite
    }

    private func expectation(
        _ members: [String: JSONValue],
        _ place: String,
        _ problems: inout [MartletError]
    ) -> Expectation? {
        var reader = MemberReader(members: members, place: place)
        defer { problems += reader.problems }
        guard let type = reader.text(keys.type) else {
            if reader.problems.isEmpty {
                problems.append(
                    MartletError(
                        .suiteUnreadable,
                        "\(place)\(keys.type) is missing",
                        remedy: "give the name of an expectation, such as expect_column_values_to_not_be_null"
                    )
                )
            }
            return nil
        }
        var expectation = Expectation(type: type, arguments: reader.object("kwargs"))
        expectation.id = reader.text(keys.expectationID)
        expectation.meta = reader.object("meta")
        if keys.hasWords {
            expectation.notes = reader.any("notes")
            expectation.description = reader.text("description")
            if let name = reader.text("severity") {
                expectation.saysSeverity = true
                if let severity = Severity(rawValue: name) {
                    expectation.severity = severity
                } else {
                    let nearest = NearestName.of(name, among: Severity.allCases.map(\.rawValue))
                    problems.append(
                        MartletError(
                            .argumentInvalid,
                            "\(place)severity is \(name), and has to be critical, warning or info",
                            remedy: nearest.map { "did you mean \($0)?" }
                        )
                    )
                }
            }
        }
        expectation.extra = reader.rest
        return expectation
    }
}

/// Takes members out of an object one by one; those that are `null` or empty stay, so that they are written again.
struct MemberReader {
    private var members: [String: JSONValue]
    private let place: String
    private(set) var problems: [MartletError] = []

    init(members: [String: JSONValue], place: String) {
        self.members = members
        self.place = place
    }

    /// What was not taken.
    var rest: [String: JSONValue] { members }

    mutating func any(_ key: String) -> JSONValue? {
        guard let value = members[key], value != .null else { return nil }
        members[key] = nil
        return value
    }

    mutating func text(_ key: String) -> String? {
        guard let value = any(key) else { return nil }
        if case .string(let text) = value { return text }
        wrong(key, value, "a text")
        return nil
    }

    mutating func object(_ key: String) -> [String: JSONValue] {
        guard let value = members[key], value != .null, value != .object([:]) else { return [:] }
        members[key] = nil
        if case .object(let object) = value { return object }
        wrong(key, value, "an object")
        return [:]
    }

    mutating func list(_ key: String) -> [JSONValue] {
        guard let value = members.removeValue(forKey: key), value != .null else { return [] }
        if case .array(let list) = value { return list }
        wrong(key, value, "a list")
        return []
    }

    private mutating func wrong(_ key: String, _ value: JSONValue, _ wanted: String) {
        problems.append(MartletError(.suiteUnreadable, "\(place)\(key) is \(value.typeName), and has to be \(wanted)"))
    }
}
