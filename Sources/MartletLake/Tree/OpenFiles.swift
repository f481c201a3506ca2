internal import MartletCore

/// Files of a sequence in order that a later path could still lie below, each with a value.
///
/// Those below `a` do not follow `a` at once (`a-b` stands between), so the files are kept until the order is past them:
/// each is a prefix of the next, mostly there is one.
struct OpenFiles<Value> {
    private var files: [(path: LakePath, value: Value)] = []

    /// Takes the next file.
    mutating func open(_ path: LakePath, _ value: Value) {
        close(before: path)
        files.append((path, value))
    }

    /// The file that a path lies below, which must not be; later calls have greater paths.
    mutating func file(over path: LakePath) -> (path: LakePath, value: Value)? {
        close(before: path)
        return files.last { $0.path != path && path.isWithin($0.path.bytes) }
    }

    /// Forgets the files that no path from this on can lie below.
    private mutating func close(before path: LakePath) {
        while let last = files.last, !path.bytes.starts(with: last.path.bytes) { files.removeLast() }
    }
}
