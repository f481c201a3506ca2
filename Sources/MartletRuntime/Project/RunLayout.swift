import Foundation
public import MartletCore

/// Where everything of one run is on disk.
public struct RunLayout: Hashable, Sendable {
    /// The run's folder; absolute.
    public let root: String

    /// A layout with the folder of `run` in `project`.
    public init(_ project: ProjectLayout, _ run: RunID) { root = "\(project.runs)/\(run)" }

    /// The file whose lock says that a process executes the run.
    public var lock: String { "\(root)/lock" }

    /// The folder of one attempt.
    public func attempt(_ step: StepID, _ number: Int) -> AttemptLayout {
        AttemptLayout(root: "\(root)/steps/\(step)/\(number)")
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
    /// Its outputs.
    public var outputs: String { "\(root)/outputs" }
    /// Its scratch space.
    public var work: String { "\(root)/work" }
}
