/// Rows of cells under headings.
package struct ReportTable: Hashable, Sendable {
    package var columns: [Column]
    package var rows: [Row]
    /// Whether readers can look for words in its rows.
    package var isSearchable: Bool

    /// A table with these columns.
    package init(_ columns: [Column], rows: [Row] = [], isSearchable: Bool = false) {
        self.columns = columns
        self.rows = rows
        self.isSearchable = isSearchable
    }

    /// How the cells below a heading are set.
    package struct Column: Hashable, Sendable {
        package var title: String
        package var layout: Layout

        /// How cells are set.
        package enum Layout: String, Hashable, Sendable {
            case text
            /// Digits below digits.
            case number
            /// As narrow as its content, never broken.
            case narrow
            /// Half of the table, so that tables below each other line up.
            case wide
        }

        /// A column under `title`.
        package init(_ title: String, _ layout: Layout = .text) {
            self.title = title
            self.layout = layout
        }
    }

    /// Cells of one line; as many as there are columns.
    package struct Row: Hashable, Sendable {
        package var cells: [Cell]
        /// What the row is about came to this.
        package var status: ReportStatus?

        /// A row of `cells`.
        package init(_ cells: [Cell], status: ReportStatus? = nil) {
            self.cells = cells
            self.status = status
        }
    }

    /// Words, and what stands below them.
    package struct Cell: Hashable, Sendable {
        package var text: ReportText
        package var blocks: [ReportBlock]

        /// A cell of `text` with `blocks` below.
        package init(_ text: ReportText, blocks: [ReportBlock] = []) {
            self.text = text
            self.blocks = blocks
        }
    }
}
