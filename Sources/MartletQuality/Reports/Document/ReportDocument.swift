/// A page of a report as data: what it says, not how that looks.
///
/// ``ReportHTML`` makes a file of it; a server or a terminal can show the same document in their own ways, as every part
/// of it has its words.
package struct ReportDocument: Hashable, Sendable {
    /// Where the page stands in its site, as in `suites/trips.html`.
    package var path: String
    /// The part of the site that it belongs to.
    package var area: ReportArea
    /// What kind of page it is, in a word or two.
    package var kind: String
    package var title: String
    /// The verdict that the page is about, when it is about one.
    package var status: ReportStatus?
    /// What stands before the first section.
    package var blocks: [ReportBlock]
    package var sections: [ReportSection]
    /// Whether readers can leave out all that passed.
    package var offersFailedOnly: Bool

    /// A page at `path`.
    package init(
        path: String,
        area: ReportArea,
        kind: String,
        title: String,
        status: ReportStatus? = nil,
        blocks: [ReportBlock] = [],
        sections: [ReportSection] = [],
        offersFailedOnly: Bool = false
    ) {
        self.path = path
        self.area = area
        self.kind = kind
        self.title = title
        self.status = status
        self.blocks = blocks
        self.sections = sections
        self.offersFailedOnly = offersFailedOnly
    }
}

/// A part of a page with a heading of its own.
package struct ReportSection: Hashable, Sendable {
    /// What links point at; made of letters, digits and hyphens, once in a page.
    package var anchor: String
    package var title: ReportText
    /// Passed when all in it has passed; nil when it is not about that.
    package var status: ReportStatus?
    /// A few words beside the heading.
    package var remark: ReportText
    package var blocks: [ReportBlock]

    /// A section that links reach by `anchor`.
    package init(
        _ anchor: String,
        _ title: ReportText,
        status: ReportStatus? = nil,
        remark: ReportText = [],
        blocks: [ReportBlock]
    ) {
        self.anchor = anchor
        self.title = title
        self.status = status
        self.remark = remark
        self.blocks = blocks
    }
}

/// The parts of a report's site, each with an entry in its navigation.
package enum ReportArea: String, Hashable, Sendable, CaseIterable {
    case validations = "Validations"
    case datasets = "Datasets"
    case suites = "Suites"
    case profiles = "Profiles"
    case drift = "Drift"
    case metrics = "Metrics"

    /// The page that its entry leads to.
    package var path: String { self == .validations ? "index.html" : "\(rawValue.lowercased()).html" }
}
