internal import MartletCore
internal import OrderedCollections

/// The values that `${name}` stands for in a `dvc.yaml`, and what is made of texts that hold such names.
struct DVCTemplate {
    private(set) var values: DVCValue = .emptyMap
    let file: String

    init(file: String) { self.file = file }

    /// Takes over the entries of a mapping, of nested ones too; texts as keys only.
    mutating func merge(_ other: DVCValue) { values = Self.merged(values, other) }

    /// Sets values for a while, such as `item`.
    func with(_ extra: [(String, DVCValue)]) -> DVCTemplate {
        var copy = self
        for (key, value) in extra { copy.values[key] = value }
        return copy
    }

    /// A value with every `${name}` in it replaced; `key` is the key of the stage that it stands under.
    ///
    /// A text that is one name and nothing else keeps the type of what it stands for.
    /// - Throws: `MartletError` MT3070 when there is no such value, or it cannot stand in a text.
    func resolve(_ value: DVCValue, key: String) throws(MartletError) -> DVCValue {
        switch value {
        case .text(let text): return try resolve(text: text, key: key)
        case .list(let list):
            var resolved: [DVCValue] = []
            for element in list { resolved.append(try resolve(element, key: key)) }
            return .list(resolved)
        case .map(let map):
            var resolved: OrderedDictionary<DVCValue, DVCValue> = [:]
            for (name, element) in map { resolved[try resolve(name, key: key)] = try resolve(element, key: key) }
            return .map(resolved)
        default: return value
        }
    }

    private func resolve(text: String, key: String) throws(MartletError) -> DVCValue {
        var (result, rest) = ("", text[...])
        while let open = rest.firstRange(of: "${") {
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else { break }
            let before = rest[..<open.lowerBound]
            if before.hasSuffix("\\") {
                result += before.dropLast() + "${"
                rest = rest[open.upperBound...]
                continue
            }
            let name = String(rest[open.upperBound..<close])
            guard let value = select(name) else {
                throw .invalidDVCFile(file, reason: "${\(name)} in \(key) stands for nothing")
            }
            let isWhole = result.isEmpty && before.isEmpty && rest.index(after: close) == rest.endIndex
            if value.list != nil || value.map != nil, !key.contains("foreach"), !key.contains("matrix"),
                key != "cmd" || value.list != nil
            {
                throw .invalidDVCFile(file, reason: "${\(name)} in \(key) is a collection")
            }
            if isWhole, key != "cmd" || value.map == nil { return value }
            result += before + Self.text(of: value)
            rest = rest[rest.index(after: close)...]
        }
        return .text(result + rest)
    }

    /// The value at `a.b[0].c`.
    private func select(_ name: String) -> DVCValue? {
        var value = values
        for part in name.replacing("[", with: ".").replacing("]", with: "").split(separator: ".") {
            if let list = value.list {
                guard let index = Int(part), list.indices.contains(index) else { return nil }
                value = list[index]
            } else {
                guard let next = value[String(part)] else { return nil }
                value = next
            }
        }
        return value
    }

    /// A value as it stands in a text: a mapping is a list of options for a command.
    static func text(of value: DVCValue) -> String {
        switch value {
        case .null: return "None"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .number(let value):
            return value.isFinite ? PythonNumber.text(of: value) : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
        case .text(let text), .timestamp(let text), .bigInteger(let text): return text
        case .list(let list): return list.map(text).joined(separator: " ")
        case .map: return options(value, prefix: "").joined(separator: " ")
        }
    }

    private static func options(_ value: DVCValue, prefix: String) -> [String] {
        var words: [String] = []
        for (key, value) in value.map ?? [:] {
            let name = prefix + (DVCOutput.string(key) ?? "")
            switch value {
            case .map: words += options(value, prefix: name + ".")
            case .boolean(let isSet): if isSet { words.append("--\(name)") }
            case .list(let list): words += ["--\(name)"] + list.map { shellWord($0) }
            default: words += ["--\(name)", shellWord(value)]
            }
        }
        return words
    }

    /// A value as a word of a shell, quoted as Python's `shlex.quote` does when it is a text.
    private static func shellWord(_ value: DVCValue) -> String {
        let text = text(of: value)
        guard case .text = value else { return text }
        let isSafe =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "_@%+=:,./-".utf8.contains(byte)
            }
        return isSafe ? text : "'" + text.replacing("'", with: "'\"'\"'") + "'"
    }

    private static func merged(_ left: DVCValue, _ right: DVCValue) -> DVCValue {
        guard var result = left.map, let other = right.map else { return right }
        for (key, value) in other where key.text != nil {
            result[key] = result[key].map { merged($0, value) } ?? value
        }
        return .map(result)
    }
}
