public import MartletCore
internal import OrderedCollections

/// The hashes that DVC derives from what it has written down.
public enum DVCHashes {
    /// The names of a run in the cache of runs: `runs/<first two digits of key>/<key>/<value>`.
    ///
    /// The sizes are not part of them; nor are parameters that happen to be called `size` or `nfiles`.
    public static func runCache(of stage: DVCLock.Stage) -> (key: ObjectID, value: ObjectID) {
        let full = stage.value
        var asked = full
        if let outs = full["outs"]?.list { asked["outs"] = .list(outs.map { $0["path"] ?? .null }) }
        func hash(_ value: DVCValue) -> ObjectID {
            ObjectID(hashing: PythonJSON.text(of: value.without(["size", "nfiles"])))
        }
        return (hash(asked), hash(full))
    }

    /// The MD5 that a `.dvc` file has of itself.
    public static func stage(_ file: DVCFile) -> MD5Digest {
        var value = file.value
        for key in ["md5", "meta", "desc"] { value[key] = nil }
        if value["wdir"] == .text(".") { value["wdir"] = nil }
        let annotations = ["desc", "type", "labels", "meta"]
        let states = ["locked", "frozen", "metric", "persist", "isexec", "size", "nfiles"]
        return MD5Digest(of: PythonJSON.text(of: value.without(Set(annotations + states))))
    }
}

extension DVCValue {
    /// The value without entries of these keys, at any depth.
    func without(_ keys: Set<String>) -> DVCValue {
        switch self {
        case .list(let list): return .list(list.map { $0.without(keys) })
        case .map(let map):
            var kept: OrderedDictionary<DVCValue, DVCValue> = [:]
            for (key, value) in map where key.text.map({ !keys.contains($0) }) ?? true {
                kept[key] = value.without(keys)
            }
            return .map(kept)
        default: return self
        }
    }
}
