import MartletCore

/// A file that a report is built from, and what it was found to be.
package struct ReportEntry: Hashable, Sendable {
    /// What the file is called in the report; no other has that name.
    package var key: String
    package var size: Int
    /// When it was last written, in nanoseconds since 1970.
    package var modified: Int64
    package var content: Content

    /// What a file was found to be.
    package enum Content: Hashable, Sendable {
        case validation(ValidationSummary)
        case profile(ReportPageSummary)
        case drift(ReportPageSummary)
        /// Rows of a metric or a suite: files that are few, and are read each time.
        case read
        /// Why no page was made of it.
        case skipped(String)
    }

    /// A file and what it was found to be.
    package init(key: String, size: Int, modified: Int64, content: Content) {
        self.key = key
        self.size = size
        self.modified = modified
        self.content = content
    }

    /// The page that was made of it; nil for none of its own.
    package var page: String? {
        switch content {
        case .validation(let summary): summary.page
        case .profile(let summary), .drift(let summary): summary.page
        case .read, .skipped: nil
        }
    }
}

/// What the last build of a report knew, so that the next one only does what is new.
package struct ReportState: Hashable, Sendable {
    /// What all pages have in common; when that changes, all are made anew.
    package var look: String
    package var entries: [ReportEntry]
    /// The fingerprints of the pages that are not of one file, by path.
    package var pages: [String: UInt64]

    /// A state of these parts.
    package init(look: String, entries: [ReportEntry] = [], pages: [String: UInt64] = [:]) {
        self.look = look
        self.entries = entries
        self.pages = pages
    }
}
