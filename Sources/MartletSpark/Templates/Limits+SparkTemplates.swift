import MartletCore

extension Limits {
    /// Most bytes in a value for a template's parameter.
    package static let sparkTemplateValueBytes = 1024
    /// Most characters of a wrong value that are shown.
    static let sparkTemplateValueShown = 80
}
