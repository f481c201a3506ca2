/// A group of steps that has been added to a pipeline, which others can wait for as a whole.
///
/// ```swift
/// let prepare = p.group("prepare") {
///     p.command("download", "./download.sh")
///     p.command("unpack", "./unpack.sh")
/// }
/// p.command("train", "./train.sh", options: [.after(prepare)])
/// ```
public struct StepGroup<Outcome> {
    /// The group's id.
    public let id: GroupID
    /// What the group's closure returned; of a mapped group, gathered from all instances.
    public let outcome: Outcome
}

/// A handle belongs to the building of a pipeline, not to the running of a step.
@available(*, unavailable)
extension StepGroup: Sendable {}

extension StepGroup: Predecessor {
    /// The group; who waits for it waits for its last steps.
    public var predecessors: [StepID] { [StepID(trusted: id.rawValue)] }
}

/// A handle of a mapped group's step that can be used outside of the group, where it stands for all instances.
public protocol Gatherable {
    /// What it is outside.
    associatedtype Gathered
    /// The handle of what all instances make.
    var gathered: Gathered { get }
}

extension Value: Gatherable {
    /// The values of all instances, in the order of their items.
    ///
    /// Instances that report none, because they are skipped, are left out; where `Content` is an optional they are nil.
    public var gathered: Value<[Content]> {
        let isOptional = Content.self is any ExpressibleByNilLiteral.Type
        return Value<[Content]>(step: step, name: name, members: members, gathering: isOptional ? .null : .nothing)
    }
}

extension Dataset: Gatherable {
    /// A folder with a file of each instance.
    public var gathered: Dataset<Content> { self }
}

extension Step: Gatherable {
    /// The step, with the datasets all its instances write together.
    public var gathered: MappedStep<repeat each Content> { MappedStep(self) }
}
