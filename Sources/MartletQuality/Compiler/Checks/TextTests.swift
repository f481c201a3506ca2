import MartletCore

/// Tests of texts that SQL has no words for.
enum TextTests {
    /// A test of one text.
    typealias Test = @Sendable (String) throws(MartletError) -> Bool

    /// The test of `rule`.
    ///
    /// - Throws: what reading its format or schema throws; `.checkArgumentsInvalid` for a rule that SQL tests.
    static func test(_ rule: ValueRule) throws(MartletError) -> Test {
        switch rule {
        case .jsonParseable:
            let reader = PythonJSONText()
            return { (text) throws(MartletError) in reader.accepts(text) }
        case .jsonSchema(let json):
            let schema = try JSONSchema(json)
            return { (text) throws(MartletError) in try schema.accepts(text) }
        case .strftime(let format):
            let format = try StrftimeFormat(format)
            return { (text) throws(MartletError) in format.accepts(text) }
        case .dateutilParseable:
            let parser = DateutilParser()
            return { (text) throws(MartletError) in parser.accepts(text) }
        default:
            throw MartletError(.checkArgumentsInvalid, "\(rule.metric) is not tested on texts one by one")
        }
    }
}
