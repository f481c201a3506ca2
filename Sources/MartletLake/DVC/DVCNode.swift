internal import MartletCore
internal import OrderedCollections

/// A value in a YAML file and the bytes it takes, so that a file can be changed without being written anew.
indirect enum DVCNode {
    /// A scalar; `isPlain` when it has no quotes, so that it may be a number.
    case scalar(String, isPlain: Bool, Range<Int>)
    case list([DVCNode], isFlow: Bool, Range<Int>)
    case map([Entry], isFlow: Bool, Range<Int>)
    /// A use of a value that stands elsewhere.
    case alias(to: DVCNode, Range<Int>)

    /// A key of a mapping and its value.
    struct Entry {
        var key: DVCNode
        var value: DVCNode
    }

    /// The bytes from its first to behind its last character.
    var range: Range<Int> {
        switch self {
        case .scalar(_, _, let range), .list(_, _, let range), .map(_, _, let range), .alias(_, let range): range
        }
    }

    /// The text of a key; nil when it is a collection.
    var keyText: String? {
        switch self {
        case .scalar(let text, _, _): text
        case .alias(let node, _): node.keyText
        case .list, .map: nil
        }
    }
}

/// Makes values of nodes, with aliases and merge keys written out.
struct DVCNodeReader {
    private let file: String
    private var remaining = Limits.yamlNodes

    init(file: String) { self.file = file }

    /// The value of a node.
    ///
    /// - Throws: `MartletError` MT3070 when a key is a collection or given twice, or when aliases make too much of it.
    mutating func value(of node: DVCNode) throws(MartletError) -> DVCValue {
        remaining -= 1
        guard remaining > 0 else { throw invalid("it holds more than \(Limits.yamlNodes) values") }
        switch node {
        case .scalar(let text, let isPlain, _): return isPlain ? YAMLTag.value(of: text) : .text(text)
        case .alias(let target, _): return try value(of: target)
        case .list(let elements, _, _):
            var list: [DVCValue] = []
            for element in elements { list.append(try value(of: element)) }
            return .list(list)
        case .map(let entries, _, _): return .map(try map(of: entries))
        }
    }

    private mutating func map(of entries: [DVCNode.Entry]) throws(MartletError) -> OrderedDictionary<DVCValue, DVCValue>
    {
        var map: OrderedDictionary<DVCValue, DVCValue> = [:]
        var merged: [OrderedDictionary<DVCValue, DVCValue>] = []
        for entry in entries {
            guard entry.key.keyText != nil else { throw invalid("a key is a collection") }
            if case .scalar("<<", isPlain: true, _) = entry.key {
                merged += try merges(entry.value)
                continue
            }
            let key = try value(of: entry.key)
            guard map[key] == nil else { throw invalid("the key \(entry.key.keyText ?? "") is given twice") }
            map[key] = try value(of: entry.value)
        }
        for base in merged { map.merge(base) { own, _ in own } }
        return map
    }

    private mutating func merges(
        _ node: DVCNode
    ) throws(MartletError) -> [OrderedDictionary<DVCValue, DVCValue>] {
        switch try value(of: node) {
        case .map(let map): return [map]
        case .list(let list): return list.compactMap(\.map)
        default: throw invalid("<< is not followed by a mapping")
        }
    }

    private func invalid(_ reason: String) -> MartletError {
        .invalidDVCFile(file, reason: reason)
    }
}

extension MartletError {
    /// The error for a file of DVC that cannot be read.
    static func invalidDVCFile(_ file: String, line: Int? = nil, reason: String) -> MartletError {
        MartletError(
            .dvcFileInvalid,
            "\(file) cannot be read",
            reason: reason,
            remedy: "mend the file, or restore it with git; `dvc status` reads it as well",
            location: line.map { SourceLocation(file: file, line: $0) }
        )
    }
}
