public import MartletCore

/// All that a test gives a pipeline: what stands in for its data and its steps, and the time it stands for.
public struct TestSetup: Hashable, Sendable {
    /// The values of parameters; the others take their defaults.
    public var params: [String: JSONValue]
    /// The time that the run stands for.
    public var occasion: RunOccasion
    /// What stands in for sources, and for what stubbed steps write.
    public var fixtures: [DatasetID: Fixture]
    /// What steps come to; a stub of one instance of a mapped step comes before that of the step.
    public var stubs: [InstanceID: StepStub]
    /// The project's variables.
    public var variables: [VariableName: JSONValue]
    /// The project's connections.
    public var connections: [ConnectionID: Connection]

    /// A setup; without anything it is a run as people start it.
    public init(
        params: [String: JSONValue] = [:],
        occasion: RunOccasion = RunOccasion(),
        fixtures: [DatasetID: Fixture] = [:],
        stubs: [InstanceID: StepStub] = [:],
        variables: [VariableName: JSONValue] = [:],
        connections: [ConnectionID: Connection] = [:]
    ) {
        self.params = params
        self.occasion = occasion
        self.fixtures = fixtures
        self.stubs = stubs
        self.variables = variables
        self.connections = connections
    }

    /// The stub of an instance, or else that of its step.
    public func stub(of instance: InstanceID) -> StepStub? {
        stubs[instance] ?? stubs[InstanceID(instance.step)]
    }

    /// The setup with what answers to questions of the pipeline come to.
    public func answered(for manifest: PipelineManifest) -> TestSetup {
        var setup = self
        for (instance, stub) in stubs {
            if let step = manifest.step(instance.step) { setup.stubs[instance] = stub.answered(for: step) }
        }
        return setup
    }

    /// The variables and connections, as attempts are given them.
    public var settings: ResolvedSettings { ResolvedSettings(variables: variables, connections: connections) }

    /// Whether every instance of the step has a stub.
    func isStubbed(_ step: StepID) -> Bool { stubs[InstanceID(step)] != nil }
}
