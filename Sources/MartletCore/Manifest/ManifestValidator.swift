/// Finds everything that is wrong in a manifest beyond its shape: names, references, cycles, schedules, templates.
public struct ManifestValidator {
    let manifest: PipelineManifest
    let stepIDs: [StepID]
    let knownSteps: Set<StepID>
    /// Where the first step of each id stands.
    let stepPositions: [StepID: Int]
    let groups: GroupTable
    /// The step that writes each dataset, by its position.
    let writers: [DatasetID: Int]
    let sourceDatasets: Set<DatasetID>
    private(set) lazy var graph = PipelineGraph(manifest)
    /// What names of steps and groups are offered from when one is not known.
    private lazy var sortedNames = (stepIDs.map(\.rawValue) + manifest.groups.map(\.id.rawValue)).sorted()
    private(set) var problems: [ManifestProblem] = []

    /// Whether there are so many problems that finding more would help nobody; finding the nearest names costs time.
    var isFull: Bool { problems.count >= Limits.diagnosticsPerFile }

    private init(_ manifest: PipelineManifest) {
        self.manifest = manifest
        stepIDs = manifest.steps.map(\.id)
        knownSteps = Set(stepIDs)
        stepPositions = Dictionary(stepIDs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        groups = GroupTable(manifest)
        writers = Dictionary(
            manifest.steps.enumerated().flatMap { index, step in step.outputs.map { ($0.dataset, index) } },
            uniquingKeysWith: { first, _ in first }
        )
        sourceDatasets = Set(manifest.sources.map(\.dataset))
    }

    /// The problems of `manifest`, at most about ``Limits/diagnosticsPerFile``; empty when it is sound.
    public static func problems(in manifest: PipelineManifest) -> [ManifestProblem] {
        // What is far too large is refused before any table of it is made.
        if let problem = sizeProblem(of: manifest) { return [problem] }
        var validator = ManifestValidator(manifest)
        validator.checkVersion()
        validator.checkSchedule()
        validator.checkPolicy()
        validator.checkParameters()
        validator.checkSources()
        validator.checkData()
        validator.checkGroups()
        validator.checkSteps()
        validator.checkWriters()
        validator.checkReferences()
        validator.checkGroupReferences()
        validator.checkGraph()
        return validator.problems
    }

    mutating func report(
        _ path: [PathComponent],
        _ code: ErrorCode,
        _ message: String,
        reason: String? = nil,
        remedy: String? = nil,
        isAboutKey: Bool = false,
        offset: Int? = nil,
        missing: ManifestSection? = nil
    ) {
        problems.append(
            ManifestProblem(
                path,
                isAboutKey: isAboutKey,
                offset: offset,
                missing: missing,
                MartletError(code, message, reason: reason, remedy: remedy)
            )
        )
    }

    private static func sizeProblem(of manifest: PipelineManifest) -> ManifestProblem? {
        guard manifest.steps.count > Limits.stepsPerPipeline else { return nil }
        return ManifestProblem(
            ["steps"],
            MartletError(
                .limitExceeded,
                "there are \(manifest.steps.count) steps; a pipeline may have \(Limits.stepsPerPipeline)",
                remedy: "split the pipeline, or map one step over many items"
            )
        )
    }

    mutating func checkVersion() {
        guard manifest.manifestVersion != PipelineManifest.currentVersion else { return }
        report(
            ["manifest_version"],
            .manifestVersionUnknown,
            "the manifest has version \(manifest.manifestVersion); this Martlet reads \(PipelineManifest.currentVersion)",
            remedy: "describe the pipeline again with a matching Martlet"
        )
    }

    mutating func checkTimeZone(_ zone: String, at path: [PathComponent]) {
        do {
            _ = try Zone(zone)
        } catch {
            report(path, error.code, error.message, reason: error.reason, remedy: error.remedy)
        }
    }

    mutating func checkParameters() {
        // Names meet in upper case in the environment, so they must differ there too.
        var seen: [String: PortName] = [:]
        for spec in manifest.params {
            let path: [PathComponent] = ["params", .key(spec.name.rawValue)]
            if let other = seen.updateValue(spec.name, forKey: spec.name.environmentSuffix) {
                report(
                    path,
                    .nameDuplicate,
                    other == spec.name
                        ? "parameter \(spec.name) is defined twice"
                        : "parameters \(other) and \(spec.name) have the same environment variable",
                    isAboutKey: true
                )
            }
            if let objection = spec.objectionToDefinition {
                report(path, .parameterDefinitionInvalid, "parameter \(spec.name): \(objection)")
            }
        }
    }

    mutating func checkSources() {
        var seen: Set<DatasetID> = []
        for source in manifest.sources where !seen.insert(source.dataset).inserted {
            report(
                ["sources", .key(source.dataset.rawValue)],
                .nameDuplicate,
                "source \(source.dataset) is defined twice",
                isAboutKey: true
            )
        }
    }

    mutating func checkSteps() {
        if manifest.steps.isEmpty {
            report(["steps"], .keyMissing, "pipeline \(manifest.pipeline) has no steps", remedy: "give it at least one")
        }
        if let slots = manifest.maxParallelSteps, !(1...Limits.parallelSteps).contains(slots) {
            report(
                ["max_parallel_steps"],
                .valueInvalid,
                "max_parallel_steps is \(slots)",
                remedy: "use 1 to \(Limits.parallelSteps)"
            )
        }
        var first: [StepID: Int] = [:]
        for (index, step) in manifest.steps.enumerated() where !isFull {
            if let earlier = first[step.id] {
                report(
                    ["steps", .index(index), "id"],
                    .nameDuplicate,
                    "two steps have the id \(step.id)",
                    reason: "step \(earlier + 1) has it already",
                    remedy: "give one of them another id"
                )
            } else {
                first[step.id] = index
            }
            checkAction(of: step, at: ["steps", .index(index)])
            checkPorts(of: step, at: ["steps", .index(index)])
            checkPolicy(of: step, at: ["steps", .index(index)])
            checkLimits(of: step, at: ["steps", .index(index)])
            checkRole(of: step, at: ["steps", .index(index)])
            checkMap(of: step, at: ["steps", .index(index)])
        }
    }

    /// The step or group whose name is nearest to `name`.
    mutating func nearestStep(to name: String) -> String? { NearestName.of(name, among: sortedNames) }

    func offer(_ name: String, among known: [String]) -> String? {
        NearestName.of(name, among: known.sorted()).map { "did you mean \($0)?" }
    }
}
