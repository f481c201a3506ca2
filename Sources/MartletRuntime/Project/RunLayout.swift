import Foundation
public import MartletCore

/// Where everything of one run is on disk.
public struct RunLayout: Hashable, Sendable {
    /// The run's folder; absolute.
    public let root: String

    /// A layout with the folder of `run` in `project`.
    public init(_ project: ProjectLayout, _ run: RunID) { root = "\(project.runs)/\(run)" }

    /// A layout with the absolute path `root` as the run's folder.
    public init(root: String) { self.root = root }

    /// The file whose lock says that a process executes the run.
    public var lock: String { "\(root)/lock" }

    /// The folder of one attempt.
    ///
    /// Programs may take brackets in a path for a pattern, so an instance's folder has none.
    public func attempt(_ step: InstanceID, _ number: Int) -> AttemptLayout {
        let copy = step.index.map { "/map/\($0)" } ?? ""
        return AttemptLayout(root: "\(root)/steps/\(step.step)\(copy)/\(number)")
    }
}

/// Where everything of one attempt is on disk.
public struct AttemptLayout: Hashable, Sendable {
    /// The attempt's folder; absolute.
    public let root: String

    /// A layout with the absolute path `root` as the attempt's folder.
    public init(root: String) { self.root = root }

    /// The folder of all attempts of its step.
    public var step: String { (root as NSString).deletingLastPathComponent }
    /// What its processes printed.
    public var log: String { "\(root)/log" }
    /// What it told Martlet, as JSON lines.
    public var messages: String { "\(root)/messages.jsonl" }
    /// What it was told.
    public var context: String { "\(root)/context.json" }
    /// Inputs that had to be put together for it.
    public var inputs: String { "\(root)/inputs" }
    /// Its outputs.
    public var outputs: String { "\(root)/outputs" }
    /// Its scratch space.
    public var work: String { "\(root)/work" }
}
