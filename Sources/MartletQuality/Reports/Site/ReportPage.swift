package import MartletCore

/// A page that a site should have.
package struct ReportPage {
    /// Where it stands in the site.
    package var path: String
    /// Changes when what the page shows does.
    package var fingerprint: UInt64
    /// Makes the page.
    package var document: () -> ReportDocument
}

/// What lists say of a page that was made of a document other than a validation.
package struct ReportPageSummary: Hashable, Sendable {
    package var page: String
    package var title: String
    package var time: Timestamp
    /// Nil when the page has no verdict.
    package var status: ReportStatus?
    /// Rows of the data.
    package var rowCount: Int
    /// Columns of a profile; columns that drifted.
    package var columnCount: Int

    /// A summary with these parts.
    package init(
        page: String,
        title: String,
        time: Timestamp,
        status: ReportStatus? = nil,
        rowCount: Int,
        columnCount: Int
    ) {
        self.page = page
        self.title = title
        self.time = time
        self.status = status
        self.rowCount = rowCount
        self.columnCount = columnCount
    }
}

/// A file that no page was made of.
package struct ReportSkipped: Hashable, Sendable {
    package var file: String
    /// Why, as the end of a sentence that begins with the file.
    package var reason: String

    /// A file and why it was skipped.
    package init(file: String, reason: String) {
        self.file = file
        self.reason = reason
    }
}

/// A suite and where it was read from.
package struct ReportSuite: Sendable {
    package var suite: Suite
    package var file: String
    /// Changes when the file does.
    package var stamp: String

    /// A suite that was read from `file`.
    package init(_ suite: Suite, file: String, stamp: String) {
        self.suite = suite
        self.file = file
        self.stamp = stamp
    }
}
