public import MartletCore

/// The form of branch names: in each part between slashes `*` stands for any characters and `?` for one; the part `**` for
/// any number of parts.
public struct BranchPattern: Hashable, Sendable {
    /// The pattern as it was written.
    public let text: String
    private let parts: [NamePattern?]

    /// The pattern written in `text`.
    public init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/", omittingEmptySubsequences: false).map {
            $0 == "**" ? nil : NamePattern(String($0))
        }
    }

    /// Whether a branch has such a name.
    public func matches(_ branch: BranchName) -> Bool {
        let names = branch.rawValue.split(separator: "/").map(String.init)
        // How many of the names the parts so far can have taken: at most as many states as names, whatever the pattern.
        var taken: Set<Int> = [0]
        for part in parts {
            if let part {
                taken = Set(taken.filter { $0 < names.count && part.matches(names[$0]) }.map { $0 + 1 })
            } else if let least = taken.min() {
                taken = Set(least...names.count)
            }
        }
        return taken.contains(names.count)
    }
}

extension BranchPattern: Codable {
    /// Decodes the text.
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    /// Encodes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
