package import MartletQuality

/// What building a report did.
package struct ReportBuild: Sendable {
    /// The folder of the pages; absolute.
    package var folder: String
    /// Pages that were written, because they are new or changed.
    package var pages = 0
    /// Pages that were removed, because what they showed is gone.
    package var removed = 0
    /// Validations that the report shows.
    package var validations = 0
    /// Files that no page was made of.
    package var skipped: [ReportSkipped] = []

    /// A build that has done nothing yet.
    package init(folder: String) { self.folder = folder }
}
