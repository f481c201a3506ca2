public import MartletCore

/// Reads what the expectations of a suite mean.
///
/// All that Great Expectations refuses when it builds an expectation is refused here, all mistakes of a suite together,
/// each with its place. Two things are stricter, because there they pass and then fail in the run: objects that are no
/// suite parameters, and quantile ranges of another shape.
public struct CheckReader {
    /// Types that stand for closures of the user.
    private let custom: Set<String>
    private let parameters: SuiteParameters
    private let isZero18: Bool
    private var problems: [MartletError] = []

    private init(_ suite: Suite, _ parameters: [String: JSONValue], _ custom: Set<String>, _ now: Timestamp?) {
        self.custom = custom
        self.parameters = SuiteParameters(values: suite.parameters.merging(parameters) { $1 }, now: now)
        isZero18 = suite.shape == .zero18
    }

    /// The checks of a suite, in its order.
    ///
    /// - Parameters:
    ///   - suite: what to read.
    ///   - parameters: values for `{"$PARAMETER": name}`; they win over those of the suite.
    ///   - custom: types whose meaning is a closure.
    ///   - now: the time that `now()` stands for in parameters.
    /// - Returns: as many checks as expectations.
    /// - Throws: all that is wrong.
    public static func checks(
        of suite: Suite,
        parameters: [String: JSONValue] = [:],
        custom: Set<String> = [],
        now: Timestamp? = nil
    ) throws(SuiteProblems) -> [Check] {
        try read(suite, parameters: parameters, custom: custom, now: now).checks
    }

    /// The checks of a suite, and the suite with the values of its parameters in their places.
    ///
    /// - Throws: as ``checks(of:parameters:custom:now:)`` does.
    public static func read(
        _ suite: Suite,
        parameters: [String: JSONValue] = [:],
        custom: Set<String> = [],
        now: Timestamp? = nil
    ) throws(SuiteProblems) -> (suite: Suite, checks: [Check]) {
        var reader = CheckReader(suite, parameters, custom, now)
        var resolved = suite
        var checks: [Check] = []
        for (index, expectation) in suite.expectations.enumerated() {
            let before = reader.problems.count
            let arguments = reader.resolved(expectation.arguments, "expectations[\(index)].kwargs")
            resolved.expectations[index].arguments = arguments
            // What a parameter without a value would have made of the rest nobody knows.
            if reader.problems.count > before { continue }
            if let check = reader.check(expectation, arguments, index) { checks.append(check) }
            if reader.problems.count >= Limits.suiteProblems { break }
        }
        guard reader.problems.isEmpty else { throw SuiteProblems(Array(reader.problems.prefix(Limits.suiteProblems))) }
        return (resolved, checks)
    }

    // MARK: - One expectation

    private mutating func check(_ expectation: Expectation, _ given: [String: JSONValue], _ index: Int) -> Check? {
        let place = "expectations[\(index)]"
        if custom.contains(expectation.type) { return closure(expectation.type, given, index) }
        guard let definition = ExpectationCatalog.definition(of: expectation.type) else {
            problems.append(unknown(expectation.type, place))
            return nil
        }
        let before = problems.count
        var arguments = ReadArguments()
        var left = given
        for argument in definition.arguments {
            let value = left.removeValue(forKey: argument.name)
            if let value = read(value, argument, definition, "\(place).kwargs") {
                arguments.values[argument.name] = value
            }
        }
        for name in left.keys.sorted() where !passesOver(name) {
            problems.append(extra(name, definition, "\(place).kwargs.\(name)"))
        }
        checkBounds(definition, arguments, place)
        let rows = rowCondition(arguments, "\(place).kwargs.row_condition")
        guard problems.count == before else { return nil }
        return Check(
            index: index,
            type: definition.type,
            rows: rows,
            mostly: arguments.number("mostly") ?? 1,
            rule: isVacuous(definition, given)
                ? .values(column: arguments.column, .notInSet([])) : definition.rule(arguments)
        )
    }

    /// GX 0.18 lets every value pass where the set is null.
    private func isVacuous(_ definition: ExpectationDefinition, _ given: [String: JSONValue]) -> Bool {
        isZero18 && definition.domain == .columnMap && given["value_set"] == .null
            && definition.argument("value_set") != nil
    }

    private func passesOver(_ name: String) -> Bool {
        ExpectationCatalog.common.contains(name) || isZero18 && ExpectationCatalog.legacy.contains(name)
    }

    private mutating func read(
        _ value: JSONValue?,
        _ argument: ArgumentDefinition,
        _ definition: ExpectationDefinition,
        _ place: String
    ) -> JSONValue? {
        let place = "\(place).\(argument.name)"
        guard let value else {
            if argument.isRequired { problems.append(missing(argument, definition, place)) }
            return argument.defaultValue
        }
        if value == .null {
            if argument.allowsNull { return argument.defaultValue == true ? false : argument.defaultValue }
            if isZero18, argument.name == "value_set", definition.domain == .columnMap { return .array([]) }
        }
        if let read = ArgumentCoercion.value(value, as: argument.kind) { return read }
        problems.append(invalid(value, argument, definition, place))
        return nil
    }

    private mutating func closure(_ type: String, _ given: [String: JSONValue], _ index: Int) -> Check? {
        let place = "expectations[\(index)].kwargs"
        var columns: [String] = []
        if let column = given["column"]?.stringValue { columns = [column] }
        if case .array(let list)? = given["column_list"] { columns = list.compactMap(\.stringValue) }
        var arguments = ReadArguments()
        for argument in [ExpectationCatalog.mostly] + ExpectationCatalog.condition {
            guard let value = given[argument.name], value != .null else { continue }
            guard let read = ArgumentCoercion.value(value, as: argument.kind) else {
                problems.append(
                    MartletError(
                        .argumentInvalid,
                        "\(place).\(argument.name) is \(value.jsonText), and has to be \(argument.kind.words)"
                    )
                )
                return nil
            }
            arguments.values[argument.name] = read
        }
        let rows = rowCondition(arguments, "\(place).row_condition")
        return Check(
            index: index,
            type: type,
            rows: rows,
            mostly: arguments.number("mostly") ?? 1,
            rule: .closure(columns: columns)
        )
    }

    // MARK: - What stands in several arguments

    private mutating func checkBounds(_ definition: ExpectationDefinition, _ arguments: ReadArguments, _ place: String)
    {
        let least = arguments.optional("min_value")
        let most = arguments.optional("max_value")
        switch definition.type {
        case "expect_column_values_to_be_between", "expect_column_value_lengths_to_be_between":
            // A bound that was refused has been told of already.
            guard arguments.values["min_value"] == .null, arguments.values["max_value"] == .null else { return }
            problems.append(
                MartletError(
                    .argumentMissing,
                    "\(place).kwargs has neither min_value nor max_value",
                    reason: "\(definition.type) needs at least one of them",
                    remedy: "give one, or remove the expectation"
                )
            )
        case "expect_table_row_count_to_be_between":
            guard case .integer(let least)? = least, case .integer(let most)? = most, least > most else { return }
            problems.append(
                MartletError(
                    .argumentInvalid,
                    "\(place).kwargs.min_value is \(least), which is more than max_value, \(most)",
                    remedy: "swap them"
                )
            )
        default: break
        }
    }

    private mutating func rowCondition(_ arguments: ReadArguments, _ place: String) -> RowCondition? {
        guard let value = arguments.optional("row_condition") else { return nil }
        if case .string(let text) = value, text.trimmed.isEmpty { return nil }
        do {
            return try RowConditionReader.condition(value, parser: arguments.optionalText("condition_parser"))
        } catch {
            problems.append(
                MartletError(
                    .rowConditionInvalid,
                    "\(place) cannot be read: \(error.message)",
                    remedy:
                        #"write it as {"type": "comparison", "column": {"name": "x"}, "operator": ">", "parameter": 5}"#
                )
            )
            return nil
        }
    }

    private mutating func resolved(_ arguments: [String: JSONValue], _ place: String) -> [String: JSONValue] {
        var resolved: [String: JSONValue] = [:]
        for (name, value) in arguments.sorted(by: { $0.key < $1.key }) {
            do {
                resolved[name] = try parameters.filled(value, "\(place).\(name)")
            } catch {
                problems.append(error)
                resolved[name] = value
            }
        }
        return resolved
    }
}
