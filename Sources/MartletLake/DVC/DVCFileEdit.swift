public import MartletCore
internal import OrderedCollections

/// Changes a YAML file in as few places as possible, so that comments, order and layout stay as people wrote them.
public struct DVCFileEdit {
    private var bytes: [UInt8]
    private var edits: [(range: Range<Int>, text: String)] = []
    private var isPossible = true

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The text of a file, changed to hold `value`.
    ///
    /// What cannot be changed in place, such as a list that grows, is written anew with everything in the file.
    /// - Throws: `MartletError` MT3070 when the file is not YAML.
    public static func text(of bytes: [UInt8], changedTo value: DVCValue, file: String) throws(MartletError) -> String {
        guard let root = try DVCYAMLReader.root(of: bytes, file: file) else { return DVCYAMLWriter.text(of: value) }
        var reader = DVCNodeReader(file: file)
        if try reader.value(of: root) == value { return String(decoding: bytes, as: UTF8.self) }
        var edit = DVCFileEdit(bytes)
        try edit.change(root, to: value, file: file)
        return edit.isPossible ? edit.applied() : DVCYAMLWriter.text(of: value)
    }

    private mutating func change(_ node: DVCNode, to value: DVCValue, file: String) throws(MartletError) {
        var reader = DVCNodeReader(file: file)
        if try reader.value(of: node) == value { return }
        switch (node, value) {
        case (.map(let entries, isFlow: false, _), .map(let map)):
            try change(entries, to: map, file: file)
        case (.list(let elements, _, _), .list(let list)) where elements.count == list.count:
            for (element, value) in zip(elements, list) { try change(element, to: value, file: file) }
        case (.scalar(_, _, let range), let value) where value.isScalar && !range.isEmpty && isInLine(range):
            let column = range.lowerBound - lineStart(range.lowerBound)
            edits.append((range, DVCYAMLWriter.inline(value, column: column, indent: column)))
        default: isPossible = false
        }
    }

    private mutating func change(
        _ entries: [DVCNode.Entry],
        to map: OrderedDictionary<DVCValue, DVCValue>,
        file: String
    ) throws(MartletError) {
        var reader = DVCNodeReader(file: file)
        var known: Set<DVCValue> = []
        for (index, entry) in entries.enumerated() {
            let key = try reader.value(of: entry.key)
            known.insert(key)
            if let value = map[key] {
                try change(entry.value, to: value, file: file)
            } else if index + 1 < entries.count, startsInLine(entry) {
                // The next key takes its place behind the dash.
                edits.append((entry.key.range.lowerBound..<entries[index + 1].key.range.lowerBound, ""))
            } else if startsInLine(entry) {
                isPossible = false
            } else {
                edits.append((lineStart(entry.key.range.lowerBound)..<lineEnd(end(of: entry)), ""))
            }
        }
        guard let last = entries.last else {
            isPossible = false
            return
        }
        let indent = entries[0].key.range.lowerBound - lineStart(entries[0].key.range.lowerBound)
        let place = lineEnd(end(of: last))
        var added = ""
        for (key, value) in map where !known.contains(key) {
            added += String(repeating: " ", count: indent) + DVCYAMLWriter.entry(key, value, indent: indent)
        }
        guard !added.isEmpty else { return }
        let endsLine = place > 0 && bytes[place - 1] == 0x0a
        edits.append((place..<place, (endsLine ? "" : "\n") + added))
    }

    private func end(of entry: DVCNode.Entry) -> Int { max(entry.value.range.upperBound, entry.key.range.upperBound) }

    /// Whether something stands before the key in its line, such as a dash.
    private func startsInLine(_ entry: DVCNode.Entry) -> Bool {
        let key = entry.key.range.lowerBound
        return bytes[lineStart(key)..<key].contains { $0 != 0x20 }
    }

    private func isInLine(_ range: Range<Int>) -> Bool { !bytes[range].contains(0x0a) }

    private func lineStart(_ place: Int) -> Int { (bytes[..<place].lastIndex(of: 0x0a) ?? -1) + 1 }

    private func lineEnd(_ place: Int) -> Int { bytes[place...].firstIndex(of: 0x0a).map { $0 + 1 } ?? bytes.count }

    private func applied() -> String {
        var result = bytes
        // From the back, so that places before stay what they are.
        for edit in edits.enumerated().sorted(by: { ($0.1.range.lowerBound, $0.0) > ($1.1.range.lowerBound, $1.0) }) {
            result.replaceSubrange(edit.element.range, with: edit.element.text.utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension DVCValue {
    fileprivate var isScalar: Bool {
        switch self {
        case .list, .map, .null: false
        default: true
        }
    }
}
