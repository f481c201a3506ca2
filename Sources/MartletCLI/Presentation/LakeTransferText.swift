import MartletCore
import MartletLake
import MartletLakeStore

/// What went from one copy of a lake to another.
enum LakeTransferText {
    static func show(_ report: TransferReport, _ place: String, files: MoveReport? = nil, json: Bool) {
        if json { return Output.result(value(report, files).jsonText) }
        for line in lines(report, place, files, .standardError) { Output.talk(line) }
    }

    static func lines(_ report: TransferReport, _ place: String, _ files: MoveReport?, _ style: Style) -> [String] {
        var lines = report.refs.map { moved -> String in
            let way = moved.from.map { "\($0.short) → \(moved.to.short)" } ?? moved.to.short
            switch moved.outcome {
            case .created: return "  \(style.good("+")) \(moved.ref)  \(moved.to.short)"
            case .moved: return "  \(style.good("→")) \(moved.ref)  \(way)"
            case .forced: return "  \(style.warn("!")) \(moved.ref)  \(way), forced"
            case .upToDate: return "  = \(moved.ref)  up to date"
            case .ahead: return "  = \(moved.ref)  has more than the other side; nothing to bring"
            case .diverged: return "  \(style.bad("✕")) \(moved.ref)  both sides have commits of their own"
            }
        }
        let packs =
            report.packs == 0
            ? "nothing new" : "\(NumberText.bytes(report.bytes)) in \(LakeText.count(report.packs, "pack"))"
        lines.append("\(packs) \(place)")
        if let files, files.written + files.removed + files.left > 0 {
            lines.append("files: \(LakeCheckoutCommand.words(files))")
        }
        return lines
    }

    static func value(_ report: TransferReport, _ files: MoveReport?) -> JSONValue {
        let refs = report.refs.map { moved -> JSONValue in
            .object([
                "ref": .string(moved.ref.fileName), "from": LakeJSON.id(moved.from), "to": LakeJSON.id(moved.to),
                "outcome": .string(moved.outcome.rawValue),
            ])
        }
        return .object([
            "refs": .array(refs), "packs": .integer(report.packs), "bytes": .integer(report.bytes),
            "files": files.map(LakeJSON.files) ?? .null,
        ])
    }
}
