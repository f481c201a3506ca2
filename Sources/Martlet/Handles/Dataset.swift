/// A dataset that steps after this point may read.
///
/// A handle comes only from the step that writes the dataset, or from `PipelineBuilder.source`; so a step cannot read
/// what is not written, and steps cannot wait for each other in a circle.
public struct Dataset<Content: DatasetContent> {
    /// The dataset's name.
    public let id: DatasetID
    /// The step that writes it; nil for a source.
    public let producer: StepID?
    /// The name its producer knows it by; steps that read it without giving a name go on using it.
    public let portName: PortName

    init(_ id: DatasetID, producer: StepID?, portName: PortName) {
        self.id = id
        self.producer = producer
        self.portName = portName
    }
}

/// A handle belongs to the building of a pipeline; the body of a step is given a ``DatasetFile`` instead.
@available(*, unavailable)
extension Dataset: Sendable {}

extension Dataset: StepReference {
    /// The step that writes the dataset.
    public var stepID: StepID? { producer }
}

/// A dataset of whatever content, where only its name counts, as in the inputs of an SQL step.
public protocol DatasetReference {
    /// The dataset's name.
    var id: DatasetID { get }
    /// The step that writes it; nil for a source.
    var producer: StepID? { get }
    /// The name its producer knows it by.
    var portName: PortName { get }
}

extension Dataset: DatasetReference {}

extension Dataset: StepInput {
    /// The dataset's file, as a step's body sees it.
    public func wire(_ wiring: inout StepWiring) -> @Sendable (StepContextDocument) throws -> DatasetFile<Content> {
        let name = wiring.read(id, preferring: portName)
        return { document in
            guard let input = document.inputs[name.rawValue] else {
                throw MartletError(
                    .inputMissing,
                    "step \(document.step) was not given its input \(name)",
                    remedy: "run the step with a Martlet that described this very program"
                )
            }
            return DatasetFile(name: name, input)
        }
    }
}
