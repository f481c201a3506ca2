import MartletCore

// Lines of fields between tabs: ten thousand of them are read in a few milliseconds, where JSON takes longer than all the
// rest of a build.

extension ReportState {
    private static let mark = "martlet report 1"

    /// The state as text.
    package var bytes: [UInt8] {
        var lines = FieldLines()
        lines.add([Self.mark, look])
        for entry in entries { lines.add(entry.fields) }
        for (path, fingerprint) in pages.sorted(by: { $0.key < $1.key }) {
            lines.add(["page", path, String(fingerprint, radix: 16)])
        }
        return lines.bytes
    }

    /// Reads the state that was written by ``bytes``; nil when it is of another version or damaged.
    package init?(bytes: [UInt8]) {
        var isFirst = true
        self.init(look: "")
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = FieldLines.fields(line)
            if isFirst {
                guard fields.count == 2, fields[0] == Self.mark else { return nil }
                look = fields[1]
                isFirst = false
            } else if fields.count == 3, fields[0] == "page", let fingerprint = UInt64(fields[2], radix: 16) {
                pages[fields[1]] = fingerprint
            } else if let entry = ReportEntry(fields: fields) {
                entries.append(entry)
            } else {
                return nil
            }
        }
        if isFirst { return nil }
    }
}

extension ReportEntry {
    fileprivate var fields: [String] {
        let file = [key, String(size), String(modified)]
        switch content {
        case .validation(let summary):
            let nulls = summary.nullShares.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value.description] }
            return ["validation"] + file + [
                summary.page, summary.suite, summary.dataset, summary.runName ?? "",
                String(summary.time.microseconds), summary.status.rawValue, String(summary.evaluated),
                String(summary.successful), summary.version ?? "", summary.rowCount.map(String.init) ?? "",
            ] + nulls
        case .profile(let summary): return ["profile"] + file + summary.fields
        case .drift(let summary): return ["drift"] + file + summary.fields
        case .read: return ["read"] + file
        case .skipped(let reason): return ["skipped"] + file + [reason]
        }
    }

    fileprivate init?(fields: [String]) {
        guard fields.count >= 4, let size = Int(fields[2]), let modified = Int64(fields[3]) else { return nil }
        let content: Content? =
            switch fields[0] {
            case "validation": ValidationSummary(key: fields[1], fields: fields.dropFirst(4)).map(Content.validation)
            case "profile": ReportPageSummary(fields: fields.dropFirst(4)).map(Content.profile)
            case "drift": ReportPageSummary(fields: fields.dropFirst(4)).map(Content.drift)
            case "read": .read
            case "skipped": fields.count == 5 ? .skipped(fields[4]) : nil
            default: nil
            }
        guard let content else { return nil }
        self.init(key: fields[1], size: size, modified: modified, content: content)
    }
}

extension ValidationSummary {
    fileprivate init?(key: String, fields: ArraySlice<String>) {
        let fields = Array(fields)
        guard fields.count >= 10, fields.count.isMultiple(of: 2), let time = Int64(fields[4]),
            let status = ReportStatus(rawValue: fields[5]), let evaluated = Int(fields[6]),
            let successful = Int(fields[7])
        else { return nil }
        var nullShares: [String: Double] = [:]
        for index in stride(from: 10, to: fields.count, by: 2) {
            guard let share = Double(fields[index + 1]) else { return nil }
            nullShares[fields[index]] = share
        }
        self.init(
            key: key,
            page: fields[0],
            suite: fields[1],
            dataset: fields[2],
            runName: fields[3].isEmpty ? nil : fields[3],
            time: Timestamp(microseconds: time),
            status: status,
            evaluated: evaluated,
            successful: successful,
            version: fields[8].isEmpty ? nil : fields[8],
            rowCount: Int(fields[9]),
            nullShares: nullShares
        )
    }
}

extension ReportPageSummary {
    fileprivate var fields: [String] {
        [page, title, String(time.microseconds), status?.rawValue ?? "", String(rowCount), String(columnCount)]
    }

    fileprivate init?(fields: ArraySlice<String>) {
        let fields = Array(fields)
        guard fields.count == 6, let time = Int64(fields[2]), let rows = Int(fields[4]), let columns = Int(fields[5])
        else { return nil }
        self.init(
            page: fields[0],
            title: fields[1],
            time: Timestamp(microseconds: time),
            status: ReportStatus(rawValue: fields[3]),
            rowCount: rows,
            columnCount: columns
        )
    }
}
