/// What a Swift step can be given: a ``Dataset``, a ``Value``, a ``Parameter``, an ``Item``, or a list of one of them.
public protocol StepInput: SendableMetatype {
    /// What the step's body receives in its place.
    associatedtype Resolved: Sendable

    /// Enters the input into the manifest, and says how to find it in the context of an attempt.
    ///
    /// Called by Martlet while the pipeline is built.
    func wire(_ wiring: inout StepWiring) -> @Sendable (StepContextDocument) throws -> Resolved
}

extension Array: StepInput where Element: StepInput {
    /// All elements, in order.
    public func wire(_ wiring: inout StepWiring) -> @Sendable (StepContextDocument) throws -> [Element.Resolved] {
        let resolvers = map { $0.wire(&wiring) }
        return { document in try resolvers.map { try $0(document) } }
    }
}

/// The inputs of a Swift step while they are gathered.
public struct StepWiring {
    private(set) var inputs: [InputSpec] = []
    private(set) var values: [ValueReference] = []
    private(set) var usesItem = false

    init() {}

    /// Adds a dataset; returns the name it is read under, `preferred` or one like it that is free.
    mutating func read(_ dataset: DatasetID, preferring preferred: PortName) -> PortName {
        if let present = inputs.first(where: { $0.dataset == dataset }) { return present.name }
        // Names meet in upper case in the environment, so they must differ there too.
        let taken = Set(inputs.map(\.name.environmentSuffix))
        var name = preferred
        var number = 2
        while taken.contains(name.environmentSuffix) {
            name = PortName(trusted: "\(preferred)_\(number)")
            number += 1
        }
        inputs.append(InputSpec(name: name, dataset: dataset))
        return name
    }

    mutating func use(_ value: ValueReference) {
        if !values.contains(value) { values.append(value) }
    }

    mutating func useItem() { usesItem = true }

    /// `inputs` with those of `datasets` that are not among them.
    static func adding(_ datasets: [any DatasetReference], to inputs: [InputSpec]) -> [InputSpec] {
        var wiring = StepWiring()
        wiring.inputs = inputs
        for dataset in datasets { _ = wiring.read(dataset.id, preferring: dataset.portName) }
        return wiring.inputs
    }
}
