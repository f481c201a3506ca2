import MartletCore

extension DVCYAMLReader {
    /// Reads `[a, b]` or `{a: b}`.
    mutating func flow() throws(MartletError) -> DVCNode {
        try nest { reader throws(MartletError) in
            reader.peek() == UInt8(ascii: "[") ? try reader.flowList() : try reader.flowMap()
        }
    }

    private mutating func flowList() throws(MartletError) -> DVCNode {
        let start = place
        place += 1
        var elements: [DVCNode] = []
        while true {
            try skipToContent()
            if peek() == UInt8(ascii: "]") { break }
            let entryStart = place
            if peek() == UInt8(ascii: "?"), Self.isBlank(peek(1)) {
                place += 1
                try skipToContent()
            }
            let node = try flowNode()
            try skipToContent()
            if peek() == UInt8(ascii: ":"), Self.isBlank(peek(1)) || !isPlainScalar(node) {
                // `[a: b]` is a list of one mapping.
                place += 1
                let value = try flowValue()
                let range = entryStart..<value.range.upperBound
                elements.append(.map([DVCNode.Entry(key: node, value: value)], isFlow: true, range))
                try skipToContent()
            } else {
                elements.append(node)
            }
            if try flowEnds(with: UInt8(ascii: "]")) { break }
        }
        place += 1
        return .list(elements, isFlow: true, start..<place)
    }

    private mutating func flowMap() throws(MartletError) -> DVCNode {
        let start = place
        place += 1
        var entries: [DVCNode.Entry] = []
        while true {
            try skipToContent()
            if peek() == UInt8(ascii: "}") { break }
            if peek() == UInt8(ascii: "?"), Self.isBlank(peek(1)) {
                place += 1
                try skipToContent()
            }
            let key = try flowNode()
            try skipToContent()
            var value = DVCNode.scalar("", isPlain: true, place..<place)
            if peek() == UInt8(ascii: ":") {
                place += 1
                value = try flowValue()
                try skipToContent()
            }
            entries.append(DVCNode.Entry(key: key, value: value))
            if try flowEnds(with: UInt8(ascii: "}")) { break }
        }
        place += 1
        return .map(entries, isFlow: true, start..<place)
    }

    /// Whether the closing bracket follows; passes over a comma otherwise.
    private mutating func flowEnds(with bracket: UInt8) throws(MartletError) -> Bool {
        if peek() == bracket { return true }
        guard peek() == UInt8(ascii: ",") else {
            throw invalid(place < bytes.count ? "a comma is missing" : "a bracket is not closed")
        }
        place += 1
        return false
    }

    private mutating func flowValue() throws(MartletError) -> DVCNode {
        let empty = place
        try skipToContent()
        if peek() == UInt8(ascii: ",") || peek() == UInt8(ascii: "]") || peek() == UInt8(ascii: "}") {
            return .scalar("", isPlain: true, empty..<empty)
        }
        return try flowNode()
    }

    private mutating func flowNode() throws(MartletError) -> DVCNode {
        var properties: [String] = []
        while peek() == UInt8(ascii: "&") || peek() == UInt8(ascii: "!") {
            properties.append(property())
            try skipToContent()
        }
        var node: DVCNode
        switch peek() {
        case nil: throw invalid("a bracket is not closed")
        case UInt8(ascii: "["), UInt8(ascii: "{"): node = try flow()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): node = try quoted()
        case UInt8(ascii: "*"): node = try alias()
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
            node = .scalar("", isPlain: true, place..<place)
        default: node = try plain(parent: -1, isFlow: true)
        }
        for property in properties.reversed() { node = note(property, of: node) }
        return node
    }

    private func isPlainScalar(_ node: DVCNode) -> Bool {
        if case .scalar(_, isPlain: true, _) = node { true } else { false }
    }
}
