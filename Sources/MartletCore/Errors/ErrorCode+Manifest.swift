// 1xxx: configuration, manifests and the command line.
extension ErrorCode {
    /// A file cannot be found or read.
    public static let fileUnreadable = ErrorCode(1001)
    /// A file is not the text, YAML or JSON it should be.
    public static let syntaxInvalid = ErrorCode(1002)
    /// A key that nothing knows.
    public static let keyUnknown = ErrorCode(1003)
    /// A key that must be there is missing.
    public static let keyMissing = ErrorCode(1004)
    /// A value has the wrong type or is not one of the choices.
    public static let valueInvalid = ErrorCode(1005)
    /// A name breaks the rules of names.
    public static let nameInvalid = ErrorCode(1006)
    /// Two things have one name.
    public static let nameDuplicate = ErrorCode(1007)
    /// A step, dataset or parameter that does not exist is referred to.
    public static let referenceUnknown = ErrorCode(1008)
    /// Steps wait for each other in a circle.
    public static let cycle = ErrorCode(1009)
    /// Two steps write one dataset.
    public static let datasetWrittenTwice = ErrorCode(1010)
    /// A cron expression is wrong.
    public static let cronInvalid = ErrorCode(1011)
    /// A duration is wrong.
    public static let durationInvalid = ErrorCode(1012)
    /// A template is wrong.
    public static let templateInvalid = ErrorCode(1013)
    /// A parameter's definition contradicts itself.
    public static let parameterDefinitionInvalid = ErrorCode(1014)
    /// A parameter's value was not given, is unknown or outside its limits.
    public static let parameterValueInvalid = ErrorCode(1015)
    /// A file is larger than the limit, or expands beyond it.
    public static let limitExceeded = ErrorCode(1016)
    /// A manifest of a version this Martlet does not know.
    public static let manifestVersionUnknown = ErrorCode(1017)
    /// No project, or no pipeline of that name in it.
    public static let pipelineNotFound = ErrorCode(1018)
    /// The command line itself is wrong.
    public static let commandLineInvalid = ErrorCode(1019)
    /// A program that should describe a Swift pipeline does not.
    public static let pipelineProgramInvalid = ErrorCode(1020)
    /// A file that would be overwritten exists.
    public static let fileExists = ErrorCode(1021)
    /// A time zone that the time zone database does not have.
    public static let timeZoneUnknown = ErrorCode(1022)
    /// A schedule contradicts itself.
    public static let scheduleInvalid = ErrorCode(1023)
    /// A text that is not a date or an instant.
    public static let instantInvalid = ErrorCode(1024)
    /// A schedule that has no time any more, or never had one.
    public static let scheduleExhausted = ErrorCode(1025)
}
