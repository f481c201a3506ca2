/// A line of a `.martletignore`: the pattern language of gitignore(5), on bytes.
struct IgnorePattern: Hashable, Sendable {
    /// Whether the line takes paths back that lines before it ignore.
    let isNegated: Bool
    /// Whether only folders match.
    let isForFolders: Bool
    /// Whether the pattern is for the whole path below its file's folder, not for a name at any depth.
    let isAnchored: Bool
    /// The pattern between the marks that the properties above stand for.
    let body: [UInt8]
    /// The line as it was written, and its number, for messages.
    let line: [UInt8], number: Int

    /// The pattern on a line; nil for a blank line and a comment.
    init?(line: [UInt8], number: Int) {
        self.line = line
        self.number = number
        var rest = Self.withoutTrailingBlanks(line)
        if rest.isEmpty || rest.first == UInt8(ascii: "#") { return nil }
        isNegated = rest.first == UInt8(ascii: "!")
        if isNegated { rest = rest.dropFirst() }
        isForFolders = rest.last == UInt8(ascii: "/")
        if isForFolders { rest = rest.dropLast() }
        isAnchored = rest.contains(UInt8(ascii: "/"))
        if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
        if rest.isEmpty { return nil }
        body = Array(rest)
    }

    /// Whether the pattern names this path, which is relative to the folder of the pattern's file.
    func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        if isForFolders, !isFolder { return false }
        if isAnchored { return Glob(body[...]).matches(path) }
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
        return Glob(body[...]).matches(name)
    }

    /// Blanks at the end do not count unless a backslash stands before them; nor does the carriage return of a line.
    private static func withoutTrailingBlanks(_ line: [UInt8]) -> ArraySlice<UInt8> {
        var rest = line[...]
        if rest.last == 13 { rest = rest.dropLast() }
        while rest.last == 32 {
            let backslashes = rest.dropLast().reversed().prefix { $0 == 92 }.count
            if backslashes % 2 == 1 { break }
            rest = rest.dropLast()
        }
        return rest
    }
}
