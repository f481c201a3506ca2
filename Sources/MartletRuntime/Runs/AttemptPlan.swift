import MartletCore
import MartletScheduling

/// Works out what an attempt is told and where its datasets are; looks at nothing but the machine.
struct AttemptPlan {
    private let machine: RunMachine
    private let layout: RunLayout
    private let project: ProjectLayout

    init(_ machine: RunMachine, _ layout: RunLayout, _ project: ProjectLayout) {
        self.machine = machine
        self.layout = layout
        self.project = project
    }

    /// The attempt; nil when the run has no such step any more.
    func launch(_ position: Int, _ attempt: Int) -> AttemptLaunch? {
        guard let step = machine.step(at: position) else { return nil }
        let id = machine.instances[position].id
        let place = layout.attempt(id, attempt)
        var context = machine.context(for: position, attempt: attempt, project: project.root, work: place.work)
        for input in step.inputs {
            context.inputs[input.name.rawValue] = dataset(input, position, place)
        }
        for output in step.outputs {
            context.outputs[output.name.rawValue] = StepContextDocument.Dataset(
                dataset: output.dataset,
                path: "\(place.outputs)/\(fileName(of: output))",
                format: output.format
            )
        }
        return AttemptLaunch(
            context: context,
            step: step,
            program: machine.created.program,
            directory: place.root,
            settings: SettingsRequest(variables: step.variables, connections: step.connections)
        )
    }

    /// The attempt as the data of runs sees it; nil when the run has no such step any more.
    func work(_ position: Int, _ attempt: Int) -> AttemptWork? {
        guard let launch = launch(position, attempt), let step = machine.step(at: position) else { return nil }
        let instance = machine.instances[position]
        let refusal = refusal(instance)
        let inputs = step.inputs.map { input in
            AttemptInput(
                name: input.name.rawValue,
                dataset: input.dataset,
                origin: origin(of: input.dataset, position),
                path: launch.context.inputs[input.name.rawValue]?.path ?? ""
            )
        }
        return AttemptWork(
            launch: launch,
            run: machine.id,
            step: instance.id,
            isMapped: step.map != nil || instance.id.index != nil,
            target: machine.manifest.policy.publish.target,
            manifestHash: machine.manifestHash,
            inputs: inputs,
            mayReuse: refusal == nil,
            refusal: refusal
        )
    }

    /// Why an instance may not use an earlier result; nil when it may.
    private func refusal(_ instance: StepInstance) -> String? {
        if let reproduced = machine.created.reproduction?.run { return "it reproduces \(reproduced)" }
        if !machine.created.usesCache { return "--no-cache" }
        return instance.wasCleared ? "somebody asked for it" : nil
    }

    private func origin(of dataset: DatasetID, _ position: Int) -> AttemptInput.Origin {
        if let writings = machine.writings(of: dataset, for: position) {
            // An instance that sees only its counterpart sees that one's file, which still is a part.
            return writings.isEmpty ? .nowhere : .written(writings)
        }
        guard var source = machine.manifest.sources.first(where: { $0.dataset == dataset }) else { return .nowhere }
        // A reproduction reads what the run before it has read, and not what is there today.
        if let commit = machine.created.reproduction?.sources[dataset] { source.path = "lake:\(commit.hex)" }
        return .source(source)
    }

    /// What is to be published of the run as it stands.
    var publishing: PublishRequest {
        var parts: [DatasetID: Set<Int>] = [:]
        var writings: [Publication.Writing] = []
        var verdicts: [RunOrigin.Verdict] = []
        for instance in machine.instances {
            for output in instance.outputs where output.commit != nil {
                if let index = instance.id.index { parts[output.dataset, default: []].insert(index) }
                if writings.last?.dataset != output.dataset {
                    let path = instance.id.index == nil ? output.path : nil
                    writings.append(Publication.Writing(dataset: output.dataset, step: instance.id.step, path: path))
                }
            }
            if let verdict = verdict(of: instance) { verdicts.append(verdict) }
        }
        return PublishRequest(
            run: machine.id,
            pipeline: machine.manifest.pipeline,
            manifestHash: machine.manifestHash,
            root: project.root,
            params: machine.created.params,
            target: machine.manifest.policy.publish,
            parts: parts,
            writings: Array(Dictionary(grouping: writings, by: \.dataset).values.compactMap(\.first)).sorted {
                $0.dataset < $1.dataset
            },
            verdicts: verdicts
        )
    }

    /// What a check, or a step with the tag `check`, has said; nil for all others.
    private func verdict(of instance: StepInstance) -> RunOrigin.Verdict? {
        let check = instance.id.description
        if let said = instance.verdict {
            return RunOrigin.Verdict(check: check, state: said.state.rawValue, result: said.result, data: said.data)
        }
        guard let step = machine.step(at: machine.position(of: instance.id) ?? 0) else { return nil }
        let isCheck = if case .check = step.action { true } else { step.tags.contains("check") }
        if !isCheck { return nil }
        let state = instance.state == .success ? "passed" : instance.state == .skipped ? "skipped" : "failed"
        return RunOrigin.Verdict(check: check, state: state)
    }

    /// The file or folder of a dataset, as the instance at `position` sees it; nil when it is nowhere.
    func source(of dataset: DatasetID, for position: Int) -> String? {
        if let writings = machine.writings(of: dataset, for: position) { return writings.first?.output.path }
        return machine.manifest.sources.first { $0.dataset == dataset }.map { absolute($0.path) }
    }

    /// Folders that have to be made before the attempt starts: the outputs of mapped steps, side by side.
    func gathered(for position: Int, _ attempt: Int) -> [GatheredFolder] {
        guard let step = machine.step(at: position) else { return [] }
        let place = layout.attempt(machine.instances[position].id, attempt)
        return step.inputs.compactMap { input in
            guard let parts = parts(of: input.dataset, position) else { return nil }
            return GatheredFolder(path: "\(place.inputs)/\(input.name)", parts: parts)
        }
    }

    /// Where a dataset is: where a step of this run wrote it, else at its source.
    ///
    /// An empty path says "nowhere".
    private func dataset(
        _ input: InputSpec,
        _ position: Int,
        _ place: AttemptLayout
    ) -> StepContextDocument.Dataset {
        let id = input.dataset
        if let writings = machine.writings(of: id, for: position) {
            if parts(of: id, position) != nil {
                let format = writings.first?.output.format
                return StepContextDocument.Dataset(dataset: id, path: "\(place.inputs)/\(input.name)", format: format)
            }
            if let written = writings.first?.output {
                return StepContextDocument.Dataset(dataset: id, path: written.path, format: written.format)
            }
        }
        if let source = machine.manifest.sources.first(where: { $0.dataset == id }) {
            return StepContextDocument.Dataset(dataset: id, path: absolute(source.path), format: source.format)
        }
        return StepContextDocument.Dataset(dataset: id, path: "", format: nil)
    }

    /// What the instances of a mapped step wrote; nil for a dataset that is one writing.
    private func parts(of dataset: DatasetID, _ position: Int) -> [(index: Int, path: String)]? {
        guard let writings = machine.writings(of: dataset, for: position), writings.first?.index != nil else {
            return nil
        }
        // An instance that sees only its counterpart sees that one's file.
        if writings.count == 1, machine.instances[position].id.index == writings[0].index,
            machine.sharesIndex(position, with: dataset)
        {
            return nil
        }
        return writings.map { ($0.index ?? 0, $0.output.path) }
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(project.root)/\(path)" }

    /// An output's file has the extension of its format, because many programs go by it.
    private func fileName(of output: OutputSpec) -> String {
        if let format = output.format { return "\(output.name).\(format.rawValue)" }
        let last = output.dataset.rawValue.split(separator: "/").last ?? ""
        guard let dot = last.lastIndex(of: ".") else { return output.name.rawValue }
        return "\(output.name)\(last[dot...])"
    }
}
