import MartletCore

/// A whole report: which pages it has besides those of single validations, profiles and comparisons.
///
/// Pages that show what they showed before have the fingerprint they had before, so that a new validation writes a few
/// pages and not all of them.
package struct ReportSite {
    /// What the report is called.
    package let title: String
    /// Oldest first.
    let validations: [ValidationSummary]
    let suites: [ReportSuite]
    let profiles: [ReportPageSummary]
    let drifts: [ReportPageSummary]
    let series: [MetricSeries]
    let skipped: [ReportSkipped]
    /// The worst first.
    let datasets: [ReportSubject]
    /// The worst first; those without a validation as well.
    let suiteSubjects: [ReportSubject]
    let allPages: ListPages
    let failedPages: ListPages

    /// A site of these parts.
    ///
    /// - Parameters:
    ///   - title: what the report is called.
    ///   - validations: summaries in any order.
    ///   - suites: suites as they are now.
    ///   - profiles: profiles whose pages stand already.
    ///   - drifts: comparisons whose pages stand already.
    ///   - series: metrics over time.
    ///   - skipped: files that no page was made of.
    package init(
        title: String,
        validations: [ValidationSummary],
        suites: [ReportSuite] = [],
        profiles: [ReportPageSummary] = [],
        drifts: [ReportPageSummary] = [],
        series: [MetricSeries] = [],
        skipped: [ReportSkipped] = []
    ) {
        self.title = title
        let ordered = validations.sorted { ($0.time, $0.key) < ($1.time, $1.key) }
        self.validations = ordered
        self.suites = suites
        self.profiles = profiles.sorted { ($1.time, $0.title) < ($0.time, $1.title) }
        self.drifts = drifts.sorted { ($1.time, $0.title) < ($0.time, $1.title) }
        self.series = series
        self.skipped = skipped
        datasets = SubjectPages.sorted(
            Dictionary(grouping: ordered, by: \.dataset).map { name, validations in
                ReportSubject(name: name, validations: validations, counterpart: \.suite)
            }
        )
        var bySuite = Dictionary(grouping: ordered, by: \.suite)
        for suite in suites where bySuite[suite.suite.name] == nil { bySuite[suite.suite.name] = [] }
        suiteSubjects = SubjectPages.sorted(
            bySuite.map { ReportSubject(name: $0.key, validations: $0.value, counterpart: \.dataset) }
        )
        allPages = ListPages(
            name: "all",
            title: "All validations",
            kind: "Validations",
            subject: .everything,
            about: nil,
            summaries: ordered,
            choices: Self.choices(chosen: .all)
        )
        failedPages = ListPages(
            name: "failed",
            title: "Validations that failed",
            kind: "Validations",
            subject: .everything,
            about: nil,
            summaries: ordered.filter(\.status.isBad),
            choices: Self.choices(chosen: .failed)
        )
    }

    /// Which of all validations a page shows.
    enum ListChoice: CaseIterable {
        case latest, failed, all
    }

    /// Paths that stay the same as validations come, so that pages which link there do, too.
    private static func choices(chosen: ListChoice) -> [ReportChoice] {
        [
            ReportChoice("Latest", .page(ReportArea.validations.path), isChosen: chosen == .latest),
            ReportChoice("Failed", .page(failedPath), isChosen: chosen == .failed),
            ReportChoice("All", .page(allPath), isChosen: chosen == .all),
        ]
    }

    func listChoices(chosen: ListChoice) -> [ReportChoice] { Self.choices(chosen: chosen) }

    static let failedPath = "lists/failed.html"
    static let allPath = "lists/all.html"

    /// All pages but those of single validations, profiles and comparisons.
    package func pages() -> [ReportPage] {
        [overview] + entryPages + listPages(allPages) + listPages(failedPages) + subjectPages + areaPages
    }

    // MARK: - Parts

    private var overview: ReportPage {
        var mark = ReportFingerprint()
        mark.add(validations.count)
        for summary in validations.suffix(Limits.reportRowsPerPage) { mark.add(summary) }
        for subject in datasets where subject.status.isBad { add(subject, to: &mark) }
        mark.add(datasets.count)
        for file in skipped {
            mark.add(file.file)
            mark.add(file.reason)
        }
        return ReportPage(path: ReportArea.validations.path, fingerprint: mark.value) {
            OverviewPage(site: self).document()
        }
    }

    /// The newest of a list, under a path that does not change.
    private var entryPages: [ReportPage] {
        [(Self.allPath, allPages), (Self.failedPath, failedPages)].map { path, list in
            var mark = ReportFingerprint()
            mark.add(list.summaries.count)
            for summary in list.summaries.suffix(Limits.reportRowsPerPage) { mark.add(summary) }
            return ReportPage(path: path, fingerprint: mark.value) { list.entry(path) }
        }
    }

    private func listPages(_ list: ListPages) -> [ReportPage] {
        guard list.count > 0 else { return [] }
        return (1...list.count).map { page in
            var mark = ReportFingerprint()
            for summary in list.entries(page) { mark.add(summary) }
            mark.add(page < list.count ? 1 : 0)
            return ReportPage(path: ReportPath.list(list.name, page: page), fingerprint: mark.value) {
                list.document(page)
            }
        }
    }

    private var subjectPages: [ReportPage] {
        let suitesByName = Dictionary(suites.map { ($0.suite.name, $0) }) { first, _ in first }
        return datasets.flatMap { subject -> [ReportPage] in
            let list = list(of: subject, isDataset: true)
            let related = related(to: subject.name)
            var mark = ReportFingerprint()
            add(subject, to: &mark)
            for summary in subject.validations.suffix(Limits.reportTrendPoints) { mark.add(nullShares: summary) }
            for page in related { mark.add(page.page) }
            let page = ReportPage(path: ReportPath.dataset(subject.name), fingerprint: mark.value) {
                DatasetPage(subject: subject, list: list.newest, related: related).document()
            }
            return [page] + listPages(list)
        }
            + suiteSubjects.flatMap { subject -> [ReportPage] in
                let list = list(of: subject, isDataset: false)
                let known = suitesByName[subject.name]
                var mark = ReportFingerprint()
                add(subject, to: &mark)
                mark.add(known?.stamp ?? "")
                mark.add(known?.file ?? "")
                let page = ReportPage(path: ReportPath.suite(subject.name), fingerprint: mark.value) {
                    SuitePage(
                        name: subject.name,
                        suite: known?.suite,
                        file: known?.file,
                        subject: subject,
                        list: list.newest
                    ).document()
                }
                return [page] + listPages(list)
            }
    }

    private func list(of subject: ReportSubject, isDataset: Bool) -> ListPages {
        let path = isDataset ? ReportPath.dataset(subject.name) : ReportPath.suite(subject.name)
        return ListPages(
            name: "\(isDataset ? "dataset" : "suite")-\(ReportPath.slug(subject.name))",
            title: subject.name,
            kind: isDataset ? "Validations of a dataset" : "Validations by a suite",
            subject: isDataset ? .dataset : .suite,
            about: .page(path),
            // What fits on the subject's own page needs no list.
            summaries: subject.validations.count > ReportSubject.shownValidations ? subject.validations : []
        )
    }

    private func related(to dataset: String) -> [(title: String, page: String)] {
        let profile = profiles.first { $0.title == dataset || $0.title.hasPrefix("\(dataset)@") }
        let drift = drifts.first { $0.title == dataset || $0.title.hasPrefix("\(dataset)@") }
        return [("Profile", profile?.page), ("Drift", drift?.page)].compactMap { title, page in
            page.map { (title, $0) }
        }
    }

    /// Everything of a subject that its row or page shows, besides null rates.
    func add(_ subject: ReportSubject, to mark: inout ReportFingerprint) {
        mark.add(subject.name)
        mark.add(subject.validations.count)
        for summary in subject.validations.suffix(Limits.reportTrendPoints) { mark.add(summary) }
        for summary in subject.latestByCounterpart { mark.add(summary) }
    }
}
