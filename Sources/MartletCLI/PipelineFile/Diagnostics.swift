import MartletCore

/// Collects everything that is wrong in one file while it is read.
///
/// It also remembers where values could not be read, so that what merely follows from that is not reported too.
final class Diagnostics {
    /// Most errors collected; the listing shows fewer still.
    private static let most = 10 * Limits.diagnosticsPerFile

    let source: SourceText
    private(set) var errors: [MartletError] = []
    /// Where values stand that could not be read.
    var unreadable: Set<TextPosition> = []
    /// The kinds of things of which not all could be read; references to the missing ones are no errors.
    var incomplete: Set<ManifestSection> = []

    /// Whether there are so many errors that looking for more would only cost time.
    var isFull: Bool { errors.count >= Self.most }

    init(_ source: SourceText) { self.source = source }

    /// Adds an error at `position`.
    func report(
        _ code: ErrorCode,
        _ message: String,
        reason: String? = nil,
        remedy: String? = nil,
        at position: TextPosition
    ) {
        add(MartletError(code, message, reason: reason, remedy: remedy, location: source.location(position)))
    }

    /// Adds an error about a value, which stays unread.
    func reject(
        _ node: YAMLNode,
        _ message: String,
        _ code: ErrorCode = .valueInvalid,
        reason: String? = nil,
        remedy: String? = nil
    ) {
        unreadable.insert(node.position)
        if case .invalid = node.content { return }
        report(code, message, reason: reason, remedy: remedy, at: node.position)
    }

    /// Adds an error that has its location.
    func add(_ error: MartletError) {
        if !isFull { errors.append(error) }
    }

    /// The errors in the order of the file, each once.
    var sorted: [MartletError] {
        var seen: Set<MartletError> = []
        let unique = errors.filter { seen.insert($0).inserted }
        return unique.enumerated().sorted { left, right in
            let (first, second) = (left.element.location, right.element.location)
            // The file itself before the files it names.
            let firstIsOther = first?.file != source.file
            let secondIsOther = second?.file != source.file
            if firstIsOther != secondIsOther { return secondIsOther }
            return (first?.file ?? "", first?.line ?? 0, first?.column ?? 0, left.offset)
                < (second?.file ?? "", second?.line ?? 0, second?.column ?? 0, right.offset)
        }.map(\.element)
    }
}
