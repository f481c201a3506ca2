/// Rules for names of topics.
///
/// Source: `org.apache.kafka.common.internals.Topic`.
enum TopicName {
    /// Longest name, in characters: it is a folder's name, with a partition behind it.
    static let longest = 249

    /// What is wrong with a name, as the end of a sentence; nil for a valid one.
    static func problem(_ name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name == "." || name == ".." { return "cannot be . or .." }
        if name.utf8.count > longest { return "is longer than \(longest) characters" }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isPlain ? nil : "has other characters than letters, digits, '.', '_' and '-'"
    }
}
