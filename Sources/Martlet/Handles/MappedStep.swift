/// A step that has been added once for each of many items, with the datasets all its instances write together.
///
/// A dataset that it writes is a folder with a file of each instance, and a value a list.
public struct MappedStep<each Content: DatasetContent> {
    private let step: Step<repeat each Content>

    init(_ step: Step<repeat each Content>) { self.step = step }

    /// The step's id.
    public var id: StepID { step.id }
    /// The datasets it writes: one handle, or a tuple of several; each is a folder with a file of each instance.
    public var outputs: (repeat Dataset<each Content>) { step.outputs }

    /// The values that the instances report under `name`, in the order of their items; those that are skipped are left
    /// out, unless `type` is an optional.
    ///
    /// - Parameters:
    ///   - name: the name in the instances' `value` messages.
    ///   - type: what each is read as.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the handle of the list.
    public func value<Reported: Codable & Sendable>(
        _ name: String,
        as type: Reported.Type = Reported.self,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Value<[Reported]> {
        step.value(name, as: Reported.self, fileID: fileID, line: line).gathered
    }
}

/// A handle belongs to the building of a pipeline, not to the running of a step.
@available(*, unavailable)
extension MappedStep: Sendable {}

extension MappedStep: StepReference {
    /// The step; its state is the worst of its instances', once all have ended.
    public var stepID: StepID? { id }
}
