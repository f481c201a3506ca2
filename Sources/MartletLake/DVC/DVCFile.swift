public import MartletCore
internal import OrderedCollections

/// A `.dvc` file: what `dvc add` and `dvc import` leave in git for data.
public struct DVCFile: Hashable, Sendable {
    /// Everything the file says, keys that Martlet does not know included.
    public private(set) var value: DVCValue
    /// What it tracks.
    public private(set) var outs: [DVCOutput]
    /// What that was made from.
    public private(set) var deps: [DVCOutput]
    /// The folder that the paths are relative to, relative to the file's own.
    public private(set) var workingFolder: String

    /// A new file that tracks `outs`.
    public init(outs: [DVCOutput]) {
        self.outs = outs
        deps = []
        workingFolder = "."
        value = .map([("outs", .list(outs.map(\.dvcFileValue)))])
    }

    /// Reads a file.
    ///
    /// - Throws: `MartletError` MT3070 when it is not what DVC writes.
    public init(_ bytes: [UInt8], file: String) throws(MartletError) {
        value = try DVCYAMLReader.value(of: bytes, file: file)
        guard value.map != nil else { throw .invalidDVCFile(file, reason: "it is not a mapping") }
        workingFolder = value["wdir"].flatMap(DVCOutput.string) ?? "."
        (outs, deps) = ([], [])
        for entry in value["outs"]?.list ?? [] { outs.append(try DVCOutput(entry, file: file)) }
        for entry in value["deps"]?.list ?? [] { deps.append(try DVCOutput(entry, file: file)) }
    }

    /// The text of a new file.
    public var text: String { DVCYAMLWriter.text(of: value) }

    /// Changes what an out's content is said to be; annotations and unknown keys stay.
    public mutating func update(_ out: DVCOutput, at index: Int) {
        guard var list = value["outs"]?.list, list.indices.contains(index) else { return }
        list[index] = list[index].updated(to: out.dvcFileValue, keeping: Self.contentKeys)
        value["outs"] = .list(list)
        outs[index] = out
    }

    /// Keys that say what the content is; each is dropped when it does not hold any more.
    static let contentKeys = [
        "md5", "size", "nfiles", "isexec", "hash", "etag", "checksum", "version_id", "cloud", "files",
    ]
}

extension DVCValue {
    /// A mapping with the entries of `new`, without those of `replaced` keys that `new` lacks.
    ///
    /// Keys that stay keep their places; new ones stand where ``DVCFile`` has them when nothing else was known.
    func updated(to new: DVCValue, keeping replaced: [String]) -> DVCValue {
        guard let new = new.map else { return self }
        var result = self
        for key in replaced where new[.text(key)] == nil { result[key] = nil }
        for (key, value) in new {
            guard let key = key.text else { continue }
            result[key] = value
        }
        return result
    }
}
