import MartletCore

/// Tests of values that SQL has no words for.
extension CheckScope {
    func evaluatedTest(
        _ column: CheckColumn,
        _ rule: ValueRule,
        _ metric: String
    ) throws(CheckFailure) -> RowTest.Unexpected {
        let isText = column.kind == .text || column.kind == .enumeration
        let isJSON = if case .jsonParseable = rule { true } else if case .jsonSchema = rule { true } else { false }
        guard isText || (isJSON && column.kind == .json) else {
            // What is no text is never JSON text; for the others Python raises.
            if case .jsonParseable = rule { return .condition("\(column.sql) IS NOT NULL", needsKept: false) }
            throw unfit(column, "holds no text", metric)
        }
        let name = column.name
        do throws(MartletError) {
            let test = try TextTests.test(rule)
            return .evaluated([column.kind == .text ? column.sql : dialect.text(column.sql)], column: column.name) {
                (values) throws(MartletError) in
                guard case .text(let text) = values.first else { return true }
                do throws(MartletError) {
                    return try test(text)
                } catch {
                    var failure = error
                    failure.message = "column \"\(name)\": \(failure.message)"
                    throw failure
                }
            }
        } catch {
            throw CheckFailure(metric: metric, error: error)
        }
    }
}
