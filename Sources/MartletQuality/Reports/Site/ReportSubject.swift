import MartletCore

/// A dataset or a suite with all its validations.
struct ReportSubject {
    /// Most validations on its own page.
    static let shownValidations = 20

    let name: String
    /// Oldest first.
    let validations: [ValidationSummary]
    /// The last validation for each suite of a dataset, or for each dataset of a suite; by name.
    let latestByCounterpart: [ValidationSummary]

    init(name: String, validations: [ValidationSummary], counterpart: (ValidationSummary) -> String) {
        self.name = name
        self.validations = validations
        var latest: [String: ValidationSummary] = [:]
        for summary in validations { latest[counterpart(summary)] = summary }
        latestByCounterpart = latest.sorted { $0.key < $1.key }.map(\.value)
    }

    /// How many datasets a suite was used for, or suites for a dataset.
    var counterpartCount: Int { latestByCounterpart.count }

    /// The worst of the last validations: a suite that passes does not make up for another that fails.
    var status: ReportStatus { latestByCounterpart.map(\.status).max() ?? .passed }

    /// The status; nil without any validation.
    var latestStatus: ReportStatus? { validations.isEmpty ? nil : status }

    /// The newest of its validations, with a way to all of them.
    func section(of kind: ValidationTable.Subject, list: String?) -> ReportSection {
        let newest = Array(validations.suffix(Self.shownValidations).reversed())
        var blocks: [ReportBlock] = [.table(ValidationTable.table(newest, of: kind))]
        if validations.count > newest.count, let list {
            let words = "All \(ReportNumber.grouped(validations.count)) validations"
            blocks.append(.paragraph([.link(words, .page(list))]))
        }
        return ReportSection("validations", ["Latest validations"], blocks: blocks)
    }
}
