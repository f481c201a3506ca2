import ArgumentParser
import MartletCore
import MartletQuality

/// Options that say how much of a result is told.
struct ResultFormatOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How much is told: BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE.", valueName: "format")
    )
    var resultFormat: String?

    @Option(help: ArgumentHelp("Show so many values that are not as expected.", valueName: "n"))
    var samples: Int?

    @Option(help: ArgumentHelp("Most values in partial lists of the JSON.", valueName: "n"))
    var partialCount = 20

    @Flag(help: "Tell whole rows that are not as expected.")
    var includeRows = false

    @Option(help: ArgumentHelp("A column that tells where a row is; may be repeated.", valueName: "column"))
    var indexColumn: [String] = []

    @Flag(help: "Leave out values, and tell only counts and places.")
    var excludeValues = false

    @Option(help: ArgumentHelp("The JSON of Great Expectations 1 or 0.18.", valueName: "version"))
    var shape: JSONShape = .one

    /// Shapes of Great Expectations' JSON.
    enum JSONShape: String, CaseIterable, ExpressibleByArgument {
        case one = "1"
        case zero18 = "0.18"

        var suiteShape: SuiteShape { self == .one ? .one : .zero18 }
    }

    /// The format; people see values only when they ask.
    func format(isForPeople: Bool) throws(MartletError) -> ResultFormat {
        var level = ResultFormat.Level.summary
        if let resultFormat {
            let known = ResultFormat.Level.allCases.map(\.rawValue)
            guard let read = ResultFormat.Level(rawValue: resultFormat.uppercased()) else {
                throw MartletError(
                    .commandLineInvalid,
                    "there is no result format \(resultFormat)",
                    remedy: NearestName.of(resultFormat.uppercased(), among: known).map { "did you mean \($0)?" }
                        ?? "use one of \(known.joined(separator: ", "))"
                )
            }
            level = read
        }
        guard partialCount >= 0, (samples ?? 0) >= 0 else {
            throw MartletError(.commandLineInvalid, "a number of values cannot be negative")
        }
        let shows = samples != nil || resultFormat != nil
        return ResultFormat(
            level: level,
            partialUnexpectedCount: isForPeople ? (samples ?? (shows ? partialCount : 0)) : samples ?? partialCount,
            includesUnexpectedRows: includeRows,
            indexColumns: indexColumn,
            excludesValues: excludeValues
        )
    }
}

/// Values for parameters on the command line.
enum SuiteParameterArguments {
    /// `name=value`; a value that is JSON is that, any other is text.
    ///
    /// - Throws: ``MartletError`` MT1019 when there is no `=`.
    static func values(_ arguments: [String]) throws(MartletError) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for argument in arguments {
            guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
                throw MartletError(
                    .commandLineInvalid,
                    "\"\(argument)\" is not NAME=VALUE",
                    remedy: "write --param lo=5 or --param 'carriers=[\"AA\", \"UA\"]'"
                )
            }
            let text = argument[argument.index(after: sign)...]
            values[String(argument[..<sign])] = (try? ExactJSON.value(text)) ?? .string(String(text))
        }
        return values
    }
}
