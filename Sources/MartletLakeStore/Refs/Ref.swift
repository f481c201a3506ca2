public import MartletCore

/// A name for a commit that is kept in a file of its own.
public enum Ref: Hashable, Sendable {
    case branch(BranchName)
    case tag(TagName)
    /// Where a branch of another copy of the lake was when it was last fetched or pushed.
    case remote(String, BranchName)

    /// The name without what kind it is.
    public var name: String {
        switch self {
        case .branch(let name), .remote(_, let name): name.rawValue
        case .tag(let name): name.rawValue
        }
    }

    /// The path of its file below `refs`, the same in every copy of a lake: the name with `/` as `%2F`.
    public var fileName: String {
        switch self {
        case .branch(let name): "branches/\(Self.escaped(name.rawValue))"
        case .tag(let name): "tags/\(Self.escaped(name.rawValue))"
        case .remote(let remote, let name): "remotes/\(Self.escaped(remote))@\(Self.escaped(name.rawValue))"
        }
    }

    /// The ref whose file has that path below `refs`; nil when it is none.
    public init?(fileName: String) {
        guard let slash = fileName.firstIndex(of: "/") else { return nil }
        let raw = String(fileName[fileName.index(after: slash)...].replacing("%2F", with: "/"))
        guard !raw.hasPrefix("%") else { return nil }
        switch fileName[..<slash] {
        case "branches":
            guard BranchName.objection(to: raw) == nil else { return nil }
            self = .branch(BranchName(trusted: raw))
        case "tags":
            guard TagName.objection(to: raw) == nil else { return nil }
            self = .tag(TagName(trusted: raw))
        case "remotes":
            guard let at = raw.lastIndex(of: "@") else { return nil }
            let name = String(raw[raw.index(after: at)...])
            guard BranchName.objection(to: name) == nil else { return nil }
            self = .remote(String(raw[..<at]), BranchName(trusted: name))
        default: return nil
        }
    }

    private static func escaped(_ name: String) -> String { name.replacing("/", with: "%2F") }
}

extension Ref: Comparable {
    /// Orders refs by kind and name.
    public static func < (left: Self, right: Self) -> Bool { left.fileName < right.fileName }
}

extension Ref: CustomStringConvertible {
    /// The ref as people see it.
    public var description: String {
        switch self {
        case .branch(let name): "branch \(name)"
        case .tag(let name): "tag \(name)"
        case .remote(let remote, let name): "branch \(name) of \(remote)"
        }
    }
}
