import Crypto
import Foundation
import MartletCore

/// What a mail says.
struct MailMessage {
    /// Characters after which no more incidents are written out: with its markup a part has to fit on one line of
    /// settings of curl, which has at most 100 KiB.
    static let partLimit = 8_000
    /// Incidents written out; the rest are counted.
    static let incidentLimit = 20

    let headers: [(name: String, value: String)]
    let sender: String
    let text: String
    let html: String

    init(_ alert: Alert, from: String, to: [String]) {
        sender = Self.address(from)
        let domain = sender.split(separator: "@").last.map(String.init) ?? "martlet"
        let digest = HexText.text(of: Array(SHA256.hash(data: Data(alert.id.utf8)))).prefix(32)
        var headers: [(name: String, value: String)] = [
            ("From", Self.line(from)), ("To", to.map(Self.line).joined(separator: ", ")),
            ("Subject", Self.encoded(Self.subject(alert))), ("Date", Self.date(alert.at)),
            ("Message-ID", "<\(digest)@\(domain)>"), ("Auto-Submitted", "auto-generated"),
            ("List-Id", "Martlet <\(alert.incident?.project ?? "alerts").martlet>"),
        ]
        if let key = alert.incident?.key {
            // Every mail about a group answers one that was never sent, so that readers show them as one thread.
            headers += [("In-Reply-To", "<\(key)@\(domain)>"), ("References", "<\(key)@\(domain)>")]
        }
        self.headers = headers
        (text, html) = Self.parts(alert)
    }

    private static func subject(_ alert: Alert) -> String {
        let word =
            switch alert.kind {
            case .incidentResolved: "resolved"
            case .incidentAcknowledged: "acknowledged"
            case .incidentFiring: alert.incident?.severity.rawValue ?? "firing"
            default: alert.kind.rawValue
            }
        return "[\(word)] \(alert.text.prefix(150))"
    }

    private static func parts(_ alert: Alert) -> (text: String, html: String) {
        var text = "\(alert.text)\n"
        var html = "<p><strong>\(escaped(alert.text))</strong></p>"
        func add(_ facts: [NoticeText.Fact]) {
            text += "\n" + facts.map { "\($0.name): \($0.text)" }.joined(separator: "\n") + "\n"
            let rows = facts.map { "<tr><th align=\"left\">\(escaped($0.name))</th><td>\(escaped($0.text))</td></tr>" }
            html += "<table>\(rows.joined())</table><hr>"
        }
        if let notice = alert.incident {
            for item in notice.items.prefix(incidentLimit) where text.count < partLimit {
                add(NoticeText.facts(item).map { NoticeText.Fact(name: $0.name, text: String($0.text.prefix(300))) })
            }
            let left = notice.more + max(0, notice.items.count - incidentLimit)
            if left > 0 { add([NoticeText.Fact(name: "not shown", text: "\(left) more: martlet incidents list")]) }
            add(NoticeText.facts(notice))
        } else if let error = alert.error {
            add([NoticeText.Fact(name: "error", text: error.description)])
        }
        return (text, "<html><body>\(html)</body></html>")
    }

    /// The address in `Ada <ada@example.org>`, or the text itself.
    static func address(_ text: String) -> String {
        guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else {
            return line(text)
        }
        return line(String(text[text.index(after: open)..<close]))
    }

    /// The text on one line: a header ends where its line does.
    private static func line(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }

    /// RFC 2047: what is not plain ASCII, in pieces that are short enough for one encoded word each.
    private static func encoded(_ text: String) -> String {
        let text = line(text)
        if text.utf8.allSatisfy({ (32...126).contains($0) }) { return text }
        var words: [String] = []
        var piece = ""
        for character in text {
            if piece.utf8.count + String(character).utf8.count > 42 {
                words.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        words.append(piece)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: " ")
    }

    /// RFC 5322, section 3.3; the day of the week may be left out.
    private static func date(_ instant: Timestamp) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let text = instant.description
        let month = Int(text.dropFirst(5).prefix(2)).map { months[$0 - 1] } ?? "Jan"
        return "\(text.dropFirst(8).prefix(2)) \(month) \(text.prefix(4)) \(text.dropFirst(11).prefix(8)) +0000"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
