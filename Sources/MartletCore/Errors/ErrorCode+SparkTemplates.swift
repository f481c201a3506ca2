/// Numbers of errors of Spark job templates: MT7040 to MT7042.
extension ErrorCode {
    /// MT7040: there is no Spark job template of that name.
    public static let sparkTemplateUnknown = ErrorCode(7040)
    /// MT7041: a Spark job template has no such parameter.
    public static let sparkTemplateParameterUnknown = ErrorCode(7041)
    /// MT7042: a value does not fit a parameter of a Spark job template.
    public static let sparkTemplateValueInvalid = ErrorCode(7042)
}
