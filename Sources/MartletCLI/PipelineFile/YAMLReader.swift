import MartletCore
import Yams

/// Reads a YAML file into a tree of nodes with places.
///
/// Yams resolves aliases while it parses, which lets 400 bytes grow to billions of nodes, and stops at the first
/// repeated key. So every `*` is parsed as a stand-in character and the aliases are resolved here, sharing nodes and
/// counting them; and a repeated key is given a stand-in too, until Yams sees no more of them.
struct YAMLReader {
    /// Most repeated keys that are looked for; each takes another pass over the file.
    private static let passes = 20

    private let diagnostics: Diagnostics
    private let source: SourceText
    private var standIns: StandIns
    private var alias: Unicode.Scalar?
    private var anchors: [String: YAMLNode] = [:]

    private init(_ diagnostics: Diagnostics) {
        self.diagnostics = diagnostics
        source = diagnostics.source
        standIns = StandIns(for: source.bytes)
    }

    /// The root of the file's only document, or nil after an error that leaves nothing to look at.
    static func read(_ diagnostics: Diagnostics) -> YAMLNode? {
        var reader = YAMLReader(diagnostics)
        return reader.read()
    }

    private mutating func read() -> YAMLNode? {
        var text = source.bytes
        if text.contains(UInt8(ascii: "*")) {
            guard let standIn = standIns.take(for: "*") else {
                diagnostics.report(.syntaxInvalid, "the file is full of private use characters", at: .start)
                return nil
            }
            alias = standIn
            let replacement = Array(String(standIn).utf8)
            text = text.flatMap { $0 == UInt8(ascii: "*") ? replacement : [$0] }
        }
        // A pass over a large file takes a noticeable time.
        let passes = max(1, min(Self.passes, 2_000_000 / (text.count + 1)))
        for pass in 1...passes {
            do {
                // The parser keeps the anchors of its nodes alive.
                let parser = try Parser(yaml: String(decoding: text, as: UTF8.self), resolver: .basic, encoding: .utf8)
                return try withExtendedLifetime(parser) { try convert(parser.singleRoot()) }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) where pass < passes {
                let position = TextPosition(line: context.mark.line, column: context.mark.column)
                if hide(keyAt: position, in: &text) { continue }
                reportDuplicate(keys.first ?? "", at: position)
                return nil
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                reportDuplicate(
                    keys.first ?? "",
                    at: TextPosition(line: context.mark.line, column: context.mark.column)
                )
                return nil
            } catch {
                diagnostics.add(YAMLSyntax.error(error, in: source))
                return nil
            }
        }
        return nil
    }

    private func reportDuplicate(_ key: String, at position: TextPosition) {
        diagnostics.report(
            .nameDuplicate,
            "the key \"\(standIns.restore(key))\" is given twice",
            remedy: "keep one of them",
            at: position
        )
    }

    /// Puts a stand-in for the first character of a key; whether that was possible.
    private mutating func hide(keyAt position: TextPosition, in text: inout [UInt8]) -> Bool {
        let current = SourceText(trusted: text, file: source.file)
        var offset = current.offset(of: position)
        guard offset < text.count else { return false }
        if [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[offset]) { offset += 1 }
        var end = offset + 1
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        guard end <= text.count,
            let original = String(decoding: text[offset..<end], as: UTF8.self).unicodeScalars.first,
            standIns.original(of: original) == nil,
            !"'\"\\&!?[]{}".unicodeScalars.contains(original),
            let standIn = standIns.take(for: original)
        else { return false }
        text.replaceSubrange(offset..<end, with: Array(String(standIn).utf8))
        return true
    }

    private mutating func convert(_ root: Node?) -> YAMLNode? {
        guard let root else { return nil }
        let node = convert(root)
        if node.size > Limits.yamlNodes {
            diagnostics.report(
                .limitExceeded,
                "the file holds more than \(Limits.yamlNodes) values once its aliases are written out",
                reason: "such a file could exhaust the memory",
                remedy: "use fewer aliases (*name), or split the pipeline",
                at: .start
            )
            return nil
        }
        if node.depth > Limits.nestingDepth {
            diagnostics.report(
                .limitExceeded,
                "values are nested more than \(Limits.nestingDepth) deep",
                remedy: "nest them less",
                at: .start
            )
            return nil
        }
        return node
    }

    private mutating func convert(_ node: Node) -> YAMLNode {
        let position = node.mark.map { TextPosition(line: $0.line, column: $0.column) } ?? .start
        var result: YAMLNode
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, let first = scalar.string.unicodeScalars.first, first == alias {
                return resolve(String(scalar.string.unicodeScalars.dropFirst()), at: position)
            }
            let content = YAMLScalar(text: standIns.restore(scalar.string), style: style(scalar))
            result = YAMLNode(content: .scalar(content), position: position, size: 1, depth: 1)
        case .sequence(let sequence):
            let elements = sequence.map { convert($0) }
            result = container(.list(elements), elements, position)
        case .mapping(let mapping):
            let entries = mapping.compactMap { entry($0.key, $0.value) }
            result = container(.map(firstOfEach(entries)), entries.map(\.value), position)
            if entries.count < mapping.count { result.content = .invalid }
        case .alias:
            result = YAMLNode(content: .invalid, position: position, size: 1, depth: 1)
        }
        checkTag(node.tag, of: result)
        if let anchor = node.anchor?.rawValue { anchors[anchor] = result }
        return result
    }

    private func style(_ scalar: Node.Scalar) -> YAMLScalar.Style {
        switch scalar.style {
        case .singleQuoted: .single
        case .doubleQuoted: .double
        case .literal: .literal
        case .folded: .folded
        case .any, .plain: .plain
        }
    }

    private func container(_ content: YAMLNode.Content, _ children: [YAMLNode], _ position: TextPosition) -> YAMLNode {
        var (size, depth) = (1, 0)
        for child in children {
            // Saturates: what is above the limit need not be counted exactly.
            size = min(size + child.size, Limits.yamlNodes + 1)
            depth = max(depth, child.depth)
        }
        return YAMLNode(content: content, position: position, size: size, depth: depth + 1)
    }

    private mutating func entry(_ key: Node, _ value: Node) -> YAMLEntry? {
        let position = key.mark.map { TextPosition(line: $0.line, column: $0.column) } ?? .start
        guard case .scalar(let scalar) = key else {
            let isTemplate = source.bytes[max(0, source.offset(of: position) - 1)...].starts(with: "{{".utf8)
            diagnostics.report(
                .valueInvalid,
                isTemplate ? "a value that starts with {{ needs quotes" : "a key must be a word",
                reason: isTemplate ? "{ starts a mapping in YAML" : nil,
                remedy: isTemplate ? "write \"{{ ... }}\"" : "write key: value",
                at: isTemplate ? TextPosition(line: position.line, column: position.column - 1) : position
            )
            return nil
        }
        if scalar.style == .plain, let alias, scalar.string.unicodeScalars.first == alias {
            diagnostics.report(
                .valueInvalid,
                "an alias cannot be a key",
                remedy: "write the key itself, in quotes when it starts with *",
                at: position
            )
            return nil
        }
        return YAMLEntry(
            key: standIns.restore(scalar.string),
            keyPosition: position,
            value: convert(value)
        )
    }

    /// The entries without those whose key came before, which are reported.
    private func firstOfEach(_ entries: [YAMLEntry]) -> [YAMLEntry] {
        var first: [String: TextPosition] = [:]
        return entries.filter { entry in
            if let earlier = first[entry.key] {
                diagnostics.report(
                    .nameDuplicate,
                    "the key \"\(entry.key)\" is given twice",
                    reason: "line \(earlier.line) has it already",
                    remedy: "keep one of them",
                    at: entry.keyPosition
                )
                return false
            }
            first[entry.key] = entry.keyPosition
            return true
        }
    }

    private func checkTag(_ tag: Tag, of node: YAMLNode) {
        let known: [Tag.Name] = [.implicit, .nonSpecific, .str, .map, .seq]
        if known.contains(where: { $0.rawValue == tag.rawValue }) { return }
        diagnostics.report(
            .valueInvalid,
            "the tag \(tag.rawValue) means nothing here",
            reason: "the key tells the type of its value",
            remedy: "remove the tag",
            at: node.position
        )
    }

    private func resolve(_ name: String, at position: TextPosition) -> YAMLNode {
        if let node = anchors[name] { return node }
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0 == 45 || $0 == 95 || isAlphanumeric($0) }
        diagnostics.report(
            isName ? .referenceUnknown : .syntaxInvalid,
            isName ? "there is no anchor &\(name) before this alias" : "a value that starts with * needs quotes",
            reason: isName ? nil : "* starts an alias in YAML",
            remedy: isName
                ? NearestName.of(name, among: anchors.keys.sorted()).map { "did you mean *\($0)?" }
                    ?? "put text that starts with * in quotes"
                : "write \"*\(standIns.restore(name))\"",
            at: position
        )
        return YAMLNode(content: .invalid, position: position, size: 1, depth: 1)
    }

    private func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
