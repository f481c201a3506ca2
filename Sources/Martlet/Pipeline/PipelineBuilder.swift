/// Gathers what a pipeline consists of; every step it adds gives the handles that later steps are wired with.
public final class PipelineBuilder {
    private(set) var params: [ParameterSpec] = []
    private(set) var sources: [SourceSpec] = []
    private(set) var groups: [GroupSpec] = []
    private(set) var steps: [StepManifest] = []
    private(set) var bodies: [StepID: StepBody] = [:]
    private(set) var problems: [ManifestProblem] = []
    /// Where in the author's source each step was added.
    private var places: [SourceLocation] = []
    private var groupPlaces: [SourceLocation] = []
    /// Where steps are being added.
    private(set) var scope = BuilderScope()
    private let defaults: [StepOption]

    init(defaults: [StepOption]) { self.defaults = defaults }

    /// Declares a dataset that comes from outside the pipeline.
    ///
    /// - Parameters:
    ///   - name: the dataset's name, as in `flights/raw`.
    ///   - content: what it holds.
    ///   - path: the file or folder; relative to the project root.
    ///   - format: another format than the content's own.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    /// - Returns: the handle of the dataset.
    public func source<Content: DatasetContent>(
        _ name: String,
        _ content: Content.Type = Content.self,
        at path: String,
        format: DatasetFormat? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Dataset<Content> {
        let place = SourceLocation(file: fileID, line: line)
        let id: DatasetID = self.name(name, at: place, path: ["sources", .key(name)])
        sources.append(SourceSpec(dataset: id, path: path, format: format ?? Content.format))
        return Dataset(id, producer: nil, portName: PortName(trusted: PortName.derived(from: name)))
    }

    func add(_ parameter: ParameterSpec) { params.append(parameter) }

    func add(_ group: GroupSpec, at place: SourceLocation) {
        groups.append(group)
        groupPlaces.append(place)
    }

    /// Calls `body`, which adds steps, with the scope changed.
    func within<Outcome>(_ change: (inout BuilderScope) -> Void, _ body: () -> Outcome) -> Outcome {
        let outside = scope
        defer { scope = outside }
        change(&scope)
        return body()
    }

    /// Adds a step after its options; returns the handle for it and its outputs.
    func add<each Content: DatasetContent>(
        _ id: String,
        _ action: StepAction,
        inputs: [InputSpec] = [],
        outputs: repeat OutputPort<each Content>,
        values: [PortName]? = nil,
        mapping: Mapping? = nil,
        usesItem: Bool = false,
        options: [StepOption],
        at place: SourceLocation,
        body: StepBody? = nil
    ) -> Step<repeat each Content> {
        let path: [PathComponent] = ["steps", .index(steps.count)]
        let id: StepID = name(id, at: place, path: path + ["id"])
        var specs: [OutputSpec] = []
        func handle<One>(_ port: OutputPort<One>) -> Dataset<One> {
            let name: PortName = self.name(port.name, at: place, path: path + ["outputs", .key(port.name)])
            let dataset: DatasetID = self.name(port.dataset, at: place, path: path + ["outputs", .key(port.name)])
            specs.append(OutputSpec(name: name, dataset: dataset, format: port.format))
            return Dataset(dataset, producer: id, portName: name)
        }
        let handles = Step(id, builder: self, repeat handle(each outputs))
        var step = StepManifest(id: id, action: action, inputs: inputs, outputs: specs, values: values)
        for option in defaults { option.apply(to: &step) }
        (step.role, step.group) = (scope.role, scope.group)
        // The defaults are meant for work; tidying up has a rule of its own.
        if step.role.teardown != nil { step.triggerRule = .allDoneSetupSuccess }
        for option in options { option.apply(to: &step) }
        if let mapping {
            check(mapping, at: place, path: path + ["map"])
            step.map = mapping.spec
            step.inputs = StepWiring.adding(mapping.reads, to: step.inputs)
        }
        if usesItem, mapping == nil, !scope.isMapped {
            report(
                path + ["swift"],
                at: place,
                .mapInvalid,
                "step \(id) is given an item and is not mapped",
                reason: "the item is that of a group which the step is not part of",
                remedy: "add the step inside the group's closure"
            )
        }
        steps.append(step)
        places.append(place)
        bodies[id] = body
        return handles
    }

    /// The inputs of a step that is about to be added.
    func specs(of ports: InputPorts, at place: SourceLocation) -> [InputSpec] {
        var wiring = StepWiring()
        return ports.ports.map { name, dataset in
            guard let name else {
                return InputSpec(name: wiring.read(dataset.id, preferring: dataset.portName), dataset: dataset.id)
            }
            let path: [PathComponent] = ["steps", .index(steps.count), "inputs", .key(name)]
            return InputSpec(name: self.name(name, at: place, path: path), dataset: dataset.id)
        }
    }

    /// Notes that `step` reports a value.
    func promise(_ value: String, of step: StepID, at place: SourceLocation) -> PortName {
        let index = steps.firstIndex { $0.id == step } ?? 0
        let path: [PathComponent] = ["steps", .index(index), "values"]
        let name: PortName = self.name(value, at: place, path: path)
        var promised = steps[index].values ?? []
        if !promised.contains(name) { promised.append(name) }
        steps[index].values = promised
        return name
    }

    /// Those of the steps from `first` on that wait for no other of them.
    func roots(from first: Int) -> [StepID] {
        let added = Set(steps[first...].map(\.id))
        let part = PipelineManifest(pipeline: PipelineID(trusted: "part"), groups: groups, steps: steps)
        let graph = PipelineGraph(part)
        return steps.indices[first...].filter { index in
            graph.upstream[index].allSatisfy { !added.contains(graph.steps[$0]) }
        }.map { steps[$0].id }
    }

    /// Sets what the branch at `index` chooses between.
    func setCases(_ cases: [BranchCase], ofStepAt index: Int) {
        steps[index].action = .branch(BranchAction(cases: cases))
    }

    /// The typed name for `raw`; a name that breaks the rules is used all the same, and reported.
    func name<Name: TypedID>(_ raw: String, at place: SourceLocation, path: [PathComponent]) -> Name {
        if let reason = Name.objection(to: raw) {
            report(path, at: place, .nameInvalid, "\"\(raw)\" is not a valid \(Name.noun)", reason: reason)
        }
        return Name(trusted: raw)
    }

    /// Reports items that cannot be written into the manifest.
    func check(_ mapping: Mapping, at place: SourceLocation, path: [PathComponent]) {
        guard let failure = mapping.failure else { return }
        report(path, at: place, .mapInvalid, "the items of the map cannot be listed", reason: failure)
    }

    func report(
        _ path: [PathComponent],
        at place: SourceLocation,
        _ code: ErrorCode,
        _ message: String,
        reason: String? = nil,
        remedy: String? = nil
    ) {
        let error = MartletError(code, message, reason: reason, remedy: remedy, location: place)
        problems.append(ManifestProblem(path, error))
    }

    /// `found` with the places of their steps in the author's source.
    func located(_ found: [ManifestProblem], otherwise place: SourceLocation) -> [ManifestProblem] {
        found.map { problem in
            var problem = problem
            problem.error.location = place
            let places = problem.path.first == "groups" ? groupPlaces : self.places
            let isOfPart = problem.path.first == "groups" || problem.path.first == "steps"
            if isOfPart, problem.path.count > 1, case .index(let index) = problem.path[1],
                places.indices.contains(index)
            {
                problem.error.location = places[index]
            }
            return problem
        }
    }
}

/// A builder belongs to the building of a pipeline; the body of a step must not hold it.
@available(*, unavailable)
extension PipelineBuilder: Sendable {}
