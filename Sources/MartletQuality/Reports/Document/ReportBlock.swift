/// A piece of a page.
package indirect enum ReportBlock: Hashable, Sendable {
    case paragraph(ReportText)
    /// What something is called and what it is, in pairs.
    case facts([ReportFact])
    /// The few numbers that matter most.
    case figures([ReportFigure])
    case table(ReportTable)
    /// Charts side by side.
    case charts([ReportChart])
    case list([ReportText])
    /// Text that keeps its lines, such as JSON or a traceback.
    case preformatted(String)
    /// Blocks that are shown when asked for.
    case disclosure(String, isOpen: Bool, [ReportBlock])
    /// Something to know before reading on.
    case notice(ReportStatus, ReportText)
    /// Links to the pages before and after.
    case pager(ReportPager)
    /// Links within the page or to its siblings, in one line.
    case choices([ReportChoice])
}

/// What something is called and what it is.
package struct ReportFact: Hashable, Sendable {
    package var label: String
    package var value: ReportText

    /// The fact that `label` is `value`.
    package init(_ label: String, _ value: ReportText) {
        self.label = label
        self.value = value
    }
}

/// A number that stands out.
package struct ReportFigure: Hashable, Sendable {
    package var label: String
    package var value: String
    /// Whether the number is good or bad news; nil is neither.
    package var status: ReportStatus?

    /// The number `value`, called `label`.
    package init(_ label: String, _ value: String, status: ReportStatus? = nil) {
        self.label = label
        self.value = value
        self.status = status
    }
}

/// Where a page stands in a row of pages, newest first.
package struct ReportPager: Hashable, Sendable {
    package var newer: String?
    package var older: String?
    /// Which entries the page shows, in words.
    package var position: String

    /// A place between the pages `newer` and `older`.
    package init(newer: String?, older: String?, position: String) {
        self.newer = newer
        self.older = older
        self.position = position
    }
}

/// One of several views of the same.
package struct ReportChoice: Hashable, Sendable {
    package var label: String
    package var target: ReportTarget
    package var isChosen: Bool

    /// The view called `label`.
    package init(_ label: String, _ target: ReportTarget, isChosen: Bool = false) {
        self.label = label
        self.target = target
        self.isChosen = isChosen
    }
}
