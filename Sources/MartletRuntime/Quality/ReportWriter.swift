import Dispatch
import Foundation
package import MartletCore
package import MartletQuality
import Synchronization

/// Writes a report's pages into a folder, and only those that changed since it was last there.
package struct ReportWriter: Sendable {
    /// The folder of the pages; absolute.
    package var folder: String
    /// What the report is called.
    package var title: String
    /// Where validations and other documents are.
    package var sources: [ReportFolder]
    /// The project's suites.
    package var suites: [ReportSuite]
    /// The metrics that runs recorded.
    package var series: [MetricSeries]
    /// Suites that could not be read.
    package var unread: [ReportSkipped]

    /// The name of the file that says what the pages were made of.
    private static let stateName = ".martlet-report"
    /// Files that are read and shown at once; their content is forgotten before the next are.
    private static let batch = 256

    /// A writer of the report in `folder`.
    package init(
        folder: String,
        title: String,
        sources: [ReportFolder],
        suites: [ReportSuite] = [],
        series: [MetricSeries] = [],
        unread: [ReportSkipped] = []
    ) {
        self.folder = folder
        self.title = title
        self.sources = sources
        self.suites = suites
        self.series = series
        self.unread = unread
    }

    /// Brings the report up to date.
    ///
    /// - Parameter progress: is told how many of how many files have been read.
    /// - Returns: what was done.
    /// - Throws: ``MartletError`` MT5070 when the folder holds something else, MT5071 when another build is going on there,
    ///   MT8004 or MT8005 when it cannot be written.
    package func write(progress: (@Sendable (Int, Int) -> Void)? = nil) throws(MartletError) -> ReportBuild {
        try FileSystem.makeFolder(folder)
        try refuseForeignFolder()
        guard let lock = try FileLock.take("\(folder)/.lock") else {
            throw MartletError(
                .reportBusy,
                "the report in \(folder) is being written by another process",
                remedy: "wait until it is done, then try again"
            )
        }
        defer { withExtendedLifetime(lock) {} }
        let look = ReportReader.look(title: title)
        let old = loadState(look: look)
        var build = ReportBuild(folder: folder)
        var work = try readFiles(old, &build, progress)
        trimTrends(&work.entries)
        let site = site(of: work)
        var state = ReportState(look: look, entries: work.entries)
        try writePages(of: site, old, &state, &build)
        removePages(old, state, &build)
        try FileSystem.write(state.bytes, to: "\(folder)/\(Self.stateName)")
        build.validations = work.entries.count { if case .validation = $0.content { true } else { false } }
        build.skipped = work.skipped
        return build
    }

    // MARK: - The folder

    private func refuseForeignFolder() throws(MartletError) {
        if access("\(folder)/\(Self.stateName)", F_OK) == 0 { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard let name = names.first(where: { !$0.hasPrefix(".") }) else { return }
        throw MartletError(
            .reportFolderTaken,
            "\(folder) is not empty, and no report: it has \(name)",
            reason: "a report removes pages that are no longer true, and must not meet files of others",
            remedy: "give a folder that is empty or not there yet with --out"
        )
    }

    /// The state of the last build, or an empty one when there is none that helps.
    private func loadState(look: String) -> ReportState {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.stateName)"),
            let state = ReportState(bytes: Array(data))
        else { return ReportState(look: look) }
        if state.look == look { return state }
        // All is made anew, but what the last build wrote has to be known to be removed.
        var outdated = state
        outdated.look = ""
        return outdated
    }

    // MARK: - Files

    fileprivate struct Work {
        var entries: [ReportEntry] = []
        var suites: [ReportSuite]
        var series: [MetricSeries]
        var skipped: [ReportSkipped] = []
    }

    private func readFiles(
        _ old: ReportState,
        _ build: inout ReportBuild,
        _ progress: (@Sendable (Int, Int) -> Void)?
    ) throws(MartletError) -> Work {
        var work = Work(suites: suites, series: series, skipped: unread)
        var known: [String: ReportEntry] = [:]
        if old.look == ReportReader.look(title: title) {
            known = Dictionary(old.entries.map { ($0.key, $0) }) { first, _ in first }
        }
        var files: [ReportFolder.File] = []
        var seen: Set<String> = []
        for source in sources {
            let room = Limits.reportFiles - files.count
            files += source.files(excluding: folder, limit: room).filter { seen.insert($0.key).inserted }
        }
        if files.count >= Limits.reportFiles {
            let reason = "has more files than the \(Limits.reportFiles) that a report is built from"
            work.skipped.append(ReportSkipped(file: sources.last?.name ?? "", reason: reason))
        }
        var new: [ReportFolder.File] = []
        for file in files {
            guard let entry = known[file.key], entry.size == file.size, entry.modified == file.modified,
                entry.content != .read
            else {
                new.append(file)
                continue
            }
            work.add(entry)
        }
        var start = 0
        while start < new.count {
            let slice = new[start..<min(new.count, start + Self.batch)]
            for (entry, finding) in try read(slice) {
                work.add(entry)
                build.pages += finding.page == nil ? 0 : 1
                if let suite = finding.suite {
                    work.suites.append(ReportSuite(suite, file: entry.key, stamp: "\(entry.size) \(entry.modified)"))
                }
                if let series = finding.series { work.series.append(series) }
            }
            start = slice.endIndex
            progress?(start, new.count)
        }
        work.series.sort { ($0.subject, $0.name) < ($1.subject, $1.name) }
        work.series = Array(work.series.prefix(Limits.reportSeries))
        return work
    }

    /// Reads some files, on all processors, and writes their pages.
    private func read(
        _ files: ArraySlice<ReportFolder.File>
    ) throws(MartletError) -> [(ReportEntry, ReportReader.Finding)] {
        let files = Array(files)
        let reader = ReportReader(title: title)
        let results = Mutex([Int: Result<(ReportEntry, ReportReader.Finding), MartletError>]())
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let result = Result { () throws(MartletError) in try read(files[index], with: reader) }
            results.withLock { $0[index] = result }
        }
        let found = results.withLock { $0 }
        var ordered: [(ReportEntry, ReportReader.Finding)] = []
        for index in files.indices {
            if let result = found[index] { ordered.append(try result.get()) }
        }
        return ordered
    }

    private func read(
        _ file: ReportFolder.File,
        with reader: ReportReader
    ) throws(MartletError) -> (ReportEntry, ReportReader.Finding) {
        var finding: ReportReader.Finding
        switch file.read() {
        case .success(let bytes):
            finding = reader.read(bytes, key: file.key, modified: Timestamp(microseconds: file.modified / 1000))
        case .failure(let failure):
            finding = ReportReader.Finding.skipped(failure.reason)
        }
        let entry = ReportEntry(key: file.key, size: file.size, modified: file.modified, content: finding.content)
        if let path = entry.page, let page = finding.page { try write(page, to: path) }
        // Only whether there was a page is asked for later, and many pages together are large.
        finding.page = finding.page.map { _ in Data() }
        return (entry, finding)
    }

    /// Forgets the null rates of all but the newest validations of each dataset, which is all that trends show.
    private func trimTrends(_ entries: inout [ReportEntry]) {
        var byDataset: [String: [(index: Int, time: Timestamp)]] = [:]
        for (index, entry) in entries.enumerated() {
            guard case .validation(let summary) = entry.content, !summary.nullShares.isEmpty else { continue }
            byDataset[summary.dataset, default: []].append((index, summary.time))
        }
        for group in byDataset.values where group.count > Limits.reportTrendPoints {
            let old = group.sorted { $0.time > $1.time }.dropFirst(Limits.reportTrendPoints)
            for (index, _) in old {
                guard case .validation(var summary) = entries[index].content else { continue }
                summary.nullShares = [:]
                entries[index].content = .validation(summary)
            }
        }
    }

    // MARK: - Pages

    private func site(of work: Work) -> ReportSite {
        var validations: [ValidationSummary] = []
        var profiles: [ReportPageSummary] = []
        var drifts: [ReportPageSummary] = []
        for entry in work.entries {
            switch entry.content {
            case .validation(let summary): validations.append(summary)
            case .profile(let summary): profiles.append(summary)
            case .drift(let summary): drifts.append(summary)
            case .read, .skipped: break
            }
        }
        return ReportSite(
            title: title,
            validations: validations,
            suites: work.suites,
            profiles: profiles,
            drifts: drifts,
            series: work.series,
            skipped: work.skipped
        )
    }

    private func writePages(
        of site: ReportSite,
        _ old: ReportState,
        _ state: inout ReportState,
        _ build: inout ReportBuild
    ) throws(MartletError) {
        let reader = ReportReader(title: title)
        let known = old.look == state.look ? old.pages : [:]
        for page in site.pages() {
            state.pages[page.path] = page.fingerprint
            if known[page.path] == page.fingerprint { continue }
            try write(reader.html(page.document()), to: page.path)
            build.pages += 1
        }
    }

    private func write(_ page: Data, to path: String) throws(MartletError) {
        let path = "\(folder)/\(path)"
        do throws(MartletError) {
            try FileSystem.write(page, to: path)
        } catch {
            // More often than not the folder is there already, and need not be looked for each time.
            try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
            try FileSystem.write(page, to: path)
        }
    }

    /// Removes the pages of the last build that this one does not have.
    private func removePages(_ old: ReportState, _ state: ReportState, _ build: inout ReportBuild) {
        var current = Set(state.pages.keys)
        for entry in state.entries { if let page = entry.page { current.insert(page) } }
        let before = old.entries.compactMap(\.page) + old.pages.keys
        for path in before where !current.contains(path) {
            if unlink("\(folder)/\(path)") == 0 { build.removed += 1 }
        }
    }
}

extension ReportWriter.Work {
    fileprivate mutating func add(_ entry: ReportEntry) {
        entries.append(entry)
        if case .skipped(let reason) = entry.content {
            skipped.append(ReportSkipped(file: entry.key, reason: reason))
        }
    }
}
