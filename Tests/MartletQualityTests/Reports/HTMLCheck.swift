/// Reads HTML strictly: every element that is opened is closed in order, attributes are quoted, and no `<` or `&` stands
/// for itself.
struct HTMLCheck {
    private(set) var problems: [String] = []
    /// The targets of links, in their order.
    private(set) var links: [String] = []
    private(set) var ids: [String] = []
    /// Elements by name.
    private(set) var elements: [String: Int] = [:]
    /// The words, as a browser would have them.
    private(set) var words = ""

    private var rest: Substring
    private var open: [String] = []
    private static let empty: Set<String> = ["meta", "input", "br", "link"]
    private static let entities: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'", "#8239": "\u{202f}",
    ]

    init(_ html: String) {
        rest = html[...]
        while let next = rest.first {
            if next == "<" { tag() } else { text() }
        }
        if !open.isEmpty { problems.append("never closed: \(open)") }
    }

    private mutating func text() {
        let text = rest.prefix { $0 != "<" }
        rest = rest[text.endIndex...]
        words += decoded(text)
    }

    private mutating func decoded(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let place = rest.firstIndex(of: "&") {
            result += rest[..<place]
            let name = rest[rest.index(after: place)...].prefix { $0 != ";" && $0 != " " }
            guard let character = Self.entities[String(name)], name.endIndex < rest.endIndex else {
                problems.append("a bare & before \(name.prefix(20))")
                return result
            }
            result.append(character)
            rest = rest[rest.index(after: name.endIndex)...]
        }
        return result + rest
    }

    private mutating func tag() {
        guard let end = rest.firstIndex(of: ">") else {
            problems.append("a tag has no end")
            rest = ""
            return
        }
        var inner = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        if inner.hasPrefix("!DOCTYPE") { return }
        if inner.hasPrefix("/") {
            let name = String(inner.dropFirst())
            if open.popLast() != name { problems.append("</\(name)> closes something else") }
            return
        }
        let isClosed = inner.hasSuffix("/")
        if isClosed { inner = inner.dropLast() }
        let name = String(inner.prefix { $0.isLetter || $0.isNumber })
        if name.isEmpty { problems.append("a bare < before \(inner.prefix(20))") }
        elements[name, default: 0] += 1
        attributes(inner.dropFirst(name.count), of: name)
        if isClosed || Self.empty.contains(name) { return }
        if name == "style" || name == "script" {
            guard let close = rest.firstRange(of: "</\(name)>") else { return problems.append("\(name) is not closed") }
            rest = rest[close.upperBound...]
            return
        }
        open.append(name)
    }

    private mutating func attributes(_ text: Substring, of name: String) {
        var text = text
        while let start = text.firstIndex(where: { $0 != " " }) {
            let key = text[start...].prefix { $0 != "=" && $0 != " " }
            guard key.endIndex < text.endIndex, text[key.endIndex] == "=" else {
                text = text[key.endIndex...]
                continue
            }
            let opening = text.index(after: key.endIndex)
            guard opening < text.endIndex, text[opening] == "\"",
                let closing = text[text.index(after: opening)...].firstIndex(of: "\"")
            else { return problems.append("\(name) \(key) is not quoted") }
            let value = decoded(text[text.index(after: opening)..<closing])
            if key.hasPrefix("on") { problems.append("\(name) has \(key)") }
            if key == "href" { links.append(value) }
            if key == "id" { ids.append(value) }
            text = text[text.index(after: closing)...]
        }
    }
}
