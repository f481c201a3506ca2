/// The form of a name in a folder: `*` stands for any characters, `?` for one, a character after `\` for itself.
public struct NamePattern: Hashable, Sendable {
    private enum Token: Hashable {
        case byte(UInt8)
        case any
        case star
    }

    private let tokens: [Token]
    /// The only name that fits; nil when several may.
    public let literal: String?
    /// Whether names that start with a dot are meant too.
    private let allowsHidden: Bool

    /// The pattern written in `text`.
    public init(_ text: String) {
        var tokens: [Token] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                tokens.append(.byte(byte))
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "*") {
                if tokens.last != .star { tokens.append(.star) }
            } else {
                tokens.append(byte == UInt8(ascii: "?") ? .any : .byte(byte))
            }
        }
        if isEscaped { tokens.append(.byte(UInt8(ascii: "\\"))) }
        self.tokens = tokens
        let bytes = tokens.compactMap { if case .byte(let byte) = $0 { byte } else { nil } }
        literal = bytes.count == tokens.count ? String(decoding: bytes, as: UTF8.self) : nil
        allowsHidden = tokens.first == .byte(UInt8(ascii: "."))
    }

    /// Whether `name` has the form; linear but for the last star, which is tried again further on.
    ///
    /// A hidden name fits only a pattern that starts with a dot, as in a shell.
    public func matches(_ name: String) -> Bool {
        if name.utf8.first == UInt8(ascii: "."), !allowsHidden { return false }
        var name = name
        return name.withUTF8 { fits($0) }
    }

    private func fits(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var (at, form) = (0, 0)
        var star: (form: Int, at: Int)?
        while at < name.count {
            let token = form < tokens.count ? tokens[form] : nil
            if token == .star {
                star = (form, at)
                form += 1
            } else if token == .byte(name[at]) {
                form += 1
                at += 1
            } else if token == .any {
                form += 1
                at = Self.afterCharacter(at, name)
            } else if let last = star {
                star = (last.form, Self.afterCharacter(last.at, name))
                form = last.form + 1
                at = Self.afterCharacter(last.at, name)
            } else {
                return false
            }
        }
        return tokens[form...].allSatisfy { $0 == .star }
    }

    /// The position of the next character: bytes that go on with one are passed over.
    private static func afterCharacter(_ position: Int, _ name: UnsafeBufferPointer<UInt8>) -> Int {
        var next = position + 1
        while next < name.count, name[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}
