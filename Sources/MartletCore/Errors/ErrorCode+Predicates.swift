// 5020 to 5024: patterns that values are held against.
extension ErrorCode {
    /// MT5020: a date format that strptime does not know.
    public static let dateFormatInvalid = ErrorCode(5020)
    /// MT5021: a JSON schema that makes no sense.
    public static let jsonSchemaInvalid = ErrorCode(5021)
    /// MT5022: a regular expression that cannot be run where it should.
    public static let regexUnsupported = ErrorCode(5022)
    /// MT5023: a value that should be JSON and is not.
    public static let valueNotJSON = ErrorCode(5023)
}
