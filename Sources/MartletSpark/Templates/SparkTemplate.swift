/// A Spark job that is ready to be made one's own: the job, its test, a pipeline that runs it and a page about it.
package struct SparkTemplate: Hashable, Sendable {
    /// Names the template, its job and its files: lowercase letters, digits and `_`.
    package var name: String
    /// What the job does, in one line.
    package var summary: String
    /// When it is the right job.
    package var useWhen: String
    /// When another one is.
    package var avoidWhen: String
    /// What may be chosen, in the order in which it is told.
    package var parameters: [SparkTemplateParameter]
    /// The files, with `@{parameter}` where a value goes.
    package var files: [File]

    /// A file of a template.
    package struct File: Hashable, Sendable {
        /// Where it goes, relative to the project.
        package var path: String
        /// What it is, in a few words.
        package var purpose: String
        /// The text, ended by a line break.
        package var text: String
    }

    /// The page about the template, with the defaults filled in.
    package var page: String {
        let file = files.first { $0.path.hasSuffix(".md") }
        return file.map { Self.fill($0.text, with: defaults) } ?? ""
    }

    /// The default of each parameter.
    package var defaults: [String: String] {
        Dictionary(parameters.map { ($0.name, $0.defaultValue) }) { first, _ in first }
    }
}
