package import MartletCore
internal import MartletLake

/// Finds commits for the command line: branches, tags, and branches of remotes as `remote/branch`.
package struct WorkRefs: RefLookup {
    private let lake: Lake

    package init(_ lake: Lake) { self.lake = lake }

    package func branch(_ name: BranchName) throws(MartletError) -> ObjectID? {
        if let commit = try lake.refs.head(of: .branch(name)) { return commit }
        guard let ref = Self.remote(name) else { return nil }
        return try lake.refs.head(of: ref)
    }

    package func tag(_ name: TagName) throws(MartletError) -> ObjectID? { try lake.refs.head(of: .tag(name)) }

    package func commits(withPrefix hex: String) throws(MartletError) -> [ObjectID] {
        lake.refs.commits(withPrefix: hex)
    }

    package func names() throws(MartletError) -> [String] {
        try lake.refs.branches().map(\.name.rawValue) + lake.refs.tags().map(\.name.rawValue)
    }

    /// The branch of a remote that `name` stands for, as in `origin/main`.
    static func remote(_ name: BranchName) -> Ref? {
        guard let slash = name.rawValue.firstIndex(of: "/"),
            let branch = BranchName(rawValue: String(name.rawValue[name.rawValue.index(after: slash)...]))
        else { return nil }
        return .remote(String(name.rawValue[..<slash]), branch)
    }
}
