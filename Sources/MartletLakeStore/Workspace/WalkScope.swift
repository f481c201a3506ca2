/// A file or folder that a walk is to look at.
struct WalkScope {
    /// What is there.
    enum Kind { case file, folder, missing }

    /// The key of the file, or the path of the folder; empty for the whole project.
    var path: [UInt8]
    var kind: Kind
    /// The rules of `.martletignore` files in folders above it.
    var rules = IgnoreRules()

    /// The scopes in the order of keys, without those that are inside others.
    static func ordered(_ scopes: [WalkScope]) -> [WalkScope] {
        func sortKey(_ scope: WalkScope) -> [UInt8] { scope.kind == .folder ? scope.path + [0x2f] : scope.path }
        let set = ScopeSet(scopes.map(\.path))
        var seen: Set<[UInt8]> = []
        return scopes.filter { !set.hasScope(above: $0.path) && seen.insert($0.path).inserted }
            .sorted { $0.path.isEmpty || PathOrder.compare(sortKey($0), sortKey($1)) < 0 }
    }
}
