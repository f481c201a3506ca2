public import MartletCore

extension TestPlan {
    /// What in `setup` does not fit the pipeline, with its place in the words of a test file.
    public static func problems(in setup: TestSetup, for manifest: PipelineManifest) -> [ManifestProblem] {
        var check = TestSetupCheck(manifest: manifest, setup: setup)
        check.run()
        return check.problems
    }
}

/// Compares what a test gives a pipeline with the pipeline.
private struct TestSetupCheck {
    let manifest: PipelineManifest
    let setup: TestSetup
    private(set) var problems: [ManifestProblem] = []

    init(manifest: PipelineManifest, setup: TestSetup) {
        self.manifest = manifest
        self.setup = setup
    }

    mutating func run() {
        do throws(MartletError) { _ = try manifest.resolveParameters(setup.params) } catch {
            problems.append(ManifestProblem(["params"], error))
        }
        for (instance, stub) in setup.stubs.sorted(by: { $0.key < $1.key }) { check(stub, of: instance) }
        for dataset in setup.fixtures.keys.sorted() { checkFixture(dataset) }
        checkData()
        checkWaits()
    }

    private mutating func report(
        _ path: [PathComponent],
        _ message: String,
        _ code: ErrorCode = .stubInvalid,
        isAboutKey: Bool = false,
        remedy: String?
    ) {
        problems.append(ManifestProblem(path, isAboutKey: isAboutKey, MartletError(code, message, remedy: remedy)))
    }

    private mutating func check(_ stub: StepStub, of instance: InstanceID) {
        let path: [PathComponent] = ["stubs", .key(instance.description)]
        guard let step = manifest.step(instance.step) else {
            let known = manifest.steps.map(\.id.rawValue)
            report(
                path,
                "pipeline \(manifest.pipeline) has no step \(instance.step)",
                .referenceUnknown,
                isAboutKey: true,
                remedy: NearestName.of(instance.step.rawValue, among: known).map { "did you mean \($0)?" }
                    ?? "it has \(known.joined(separator: ", "))"
            )
            return
        }
        let isMapped = step.map != nil || step.group.flatMap(manifest.mapDomain) != nil
        if instance.index != nil, !isMapped {
            report(
                path,
                "step \(step.id) is not mapped, and has one instance only",
                isAboutKey: true,
                remedy: "write \(step.id)"
            )
        }
        checkPorts(stub, step, path)
        checkFollow(stub, step, path)
        checkAnswer(stub, step, path)
    }

    private mutating func checkAnswer(_ stub: StepStub, _ step: StepManifest, _ path: [PathComponent]) {
        guard let answer = stub.answer else { return }
        guard case .approve(let action) = step.action else {
            report(path + ["answer"], "step \(step.id) asks nothing", isAboutKey: true, remedy: "remove answer")
            return
        }
        if action.options.contains(answer) { return }
        report(
            path + ["answer"],
            "step \(step.id) does not offer the answer \"\(answer)\"",
            remedy: NearestName.of(answer, among: action.options).map { "did you mean \($0)?" }
                ?? "choose from \(action.options.joined(separator: ", "))"
        )
    }

    private mutating func checkPorts(_ stub: StepStub, _ step: StepManifest, _ path: [PathComponent]) {
        for name in stub.outputs.keys.sorted() where !step.outputs.contains(where: { $0.name == name }) {
            let known = step.outputs.map(\.name.rawValue)
            report(
                path + ["outputs", .key(name.rawValue)],
                "step \(step.id) has no output \(name)",
                .referenceUnknown,
                isAboutKey: true,
                remedy: NearestName.of(name.rawValue, among: known).map { "did you mean \($0)?" }
                    ?? (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
            )
        }
        guard let promised = step.values?.map(\.rawValue) else { return }
        for name in stub.values.keys.sorted() where !promised.contains(name) {
            report(
                path + ["values", .key(name)],
                "step \(step.id) promises no value \(name)",
                .referenceUnknown,
                isAboutKey: true,
                remedy: NearestName.of(name, among: promised).map { "did you mean \($0)?" }
                    ?? (promised.isEmpty ? "it promises none" : "it promises \(promised.joined(separator: ", "))")
            )
        }
        for name in promised where stub.succeeds && stub.values[name] == nil {
            report(
                path,
                "the stub of step \(step.id) gives no value \(name), which the step promises",
                remedy: "add it under values"
            )
        }
    }

    private mutating func checkFollow(_ stub: StepStub, _ step: StepManifest, _ path: [PathComponent]) {
        guard let follow = stub.follow else {
            if case .branch = step.action, stub.command == nil, stub.ending == .success {
                report(path, "step \(step.id) is a branch; its stub has to choose", remedy: "add follow: [STEP]")
            }
            return
        }
        guard case .branch(let action) = step.action else {
            report(path + ["follow"], "step \(step.id) is no branch", isAboutKey: true, remedy: "remove follow")
            return
        }
        let choices = Set(action.cases.flatMap(\.follow))
        for (index, id) in follow.enumerated() where !choices.contains(id) {
            report(
                path + ["follow", .index(index)],
                "branch \(step.id) never follows \(id)",
                .referenceUnknown,
                remedy: "choose from \(choices.sorted().map(\.rawValue).joined(separator: ", "))"
            )
        }
    }

    private mutating func checkFixture(_ dataset: DatasetID) {
        let path: [PathComponent] = ["fixtures", .key(dataset.rawValue)]
        if manifest.sources.contains(where: { $0.dataset == dataset }) { return }
        guard let writer = manifest.steps.first(where: { $0.outputs.contains { $0.dataset == dataset } }) else {
            let known =
                manifest.sources.map(\.dataset.rawValue) + manifest.steps.flatMap(\.outputs).map(\.dataset.rawValue)
            report(
                path,
                "pipeline \(manifest.pipeline) has no dataset \(dataset)",
                .referenceUnknown,
                isAboutKey: true,
                remedy: NearestName.of(dataset.rawValue, among: known).map { "did you mean \($0)?" }
            )
            return
        }
        if !setup.isStubbed(writer.id) {
            report(
                path,
                "dataset \(dataset) is written by step \(writer.id), which really runs",
                isAboutKey: true,
                remedy: "add stubs: { \(writer.id): {} }, or remove the fixture"
            )
        }
    }

    /// Steps that run need what the stubbed ones would have written.
    private mutating func checkData() {
        for step in manifest.steps {
            guard let stub = setup.stubs[InstanceID(step.id)], stub.succeeds else { continue }
            for output in step.outputs where stub.outputs[output.name] == nil {
                guard setup.fixtures[output.dataset] == nil, let reader = reader(of: output.dataset) else { continue }
                report(
                    ["stubs", .key(step.id.rawValue)],
                    "step \(reader) reads \(output.dataset), which the stubbed step \(step.id) does not write",
                    remedy: "add fixtures: { \(output.dataset): FILE }, or stub \(reader) too"
                )
            }
        }
    }

    private func reader(of dataset: DatasetID) -> StepID? {
        manifest.steps.first { step in
            step.inputs.contains { $0.dataset == dataset }
                && (setup.stubs[InstanceID(step.id)].map { $0.command != nil } ?? true)
        }?.id
    }

    /// Nobody and nothing outside is there to end a wait.
    private mutating func checkWaits() {
        for step in manifest.steps where step.action.isWaiting && !setup.isStubbed(step.id) {
            var example = ""
            if case .approve(let action) = step.action { example = " answer: \(action.options.first ?? "approve") " }
            report(
                ["stubs"],
                example.isEmpty ? "step \(step.id) waits, and tests do not" : "step \(step.id) asks a person",
                remedy: "add stubs: { \(step.id): {\(example)} }"
            )
        }
    }
}
