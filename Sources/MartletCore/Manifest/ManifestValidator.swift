import Foundation

/// Finds everything that is wrong in a manifest beyond its shape: names, references, cycles, schedules, templates.
public struct ManifestValidator {
    let manifest: PipelineManifest
    let stepIDs: [StepID]
    let knownSteps: Set<StepID>
    private(set) var problems: [ManifestProblem] = []

    /// Whether there are so many problems that finding more would help nobody; finding the nearest names costs time.
    var isFull: Bool { problems.count >= Limits.diagnosticsPerFile }

    private init(_ manifest: PipelineManifest) {
        self.manifest = manifest
        stepIDs = manifest.steps.map(\.id)
        knownSteps = Set(stepIDs)
    }

    /// The problems of `manifest`, at most about ``Limits/diagnosticsPerFile``; empty when it is sound.
    public static func problems(in manifest: PipelineManifest) -> [ManifestProblem] {
        var validator = ManifestValidator(manifest)
        validator.checkVersion()
        validator.checkSchedule()
        validator.checkParameters()
        validator.checkSources()
        validator.checkSteps()
        validator.checkWriters()
        validator.checkReferences()
        validator.checkCycle()
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

    mutating func checkVersion() {
        guard manifest.manifestVersion != PipelineManifest.currentVersion else { return }
        report(
            ["manifest_version"],
            .manifestVersionUnknown,
            "the manifest has version \(manifest.manifestVersion); this Martlet reads \(PipelineManifest.currentVersion)",
            remedy: "describe the pipeline again with a matching Martlet"
        )
    }

    mutating func checkSchedule() {
        guard let schedule = manifest.schedule else { return }
        do {
            _ = try CronExpression(schedule.cron)
        } catch {
            report(
                ["schedule", "cron"],
                .cronInvalid,
                "\"\(schedule.cron)\" is not a cron expression: \(error)",
                remedy: error.remedy
            )
        }
        if let zone = schedule.timezone, TimeZone(identifier: zone) == nil {
            let nearest = NearestName.of(zone, among: TimeZone.knownTimeZoneIdentifiers)
            report(
                ["schedule", "timezone"],
                .timeZoneUnknown,
                "there is no time zone \"\(zone)\"",
                remedy: nearest.map { "did you mean \($0)?" } ?? "use an IANA name such as Europe/Berlin"
            )
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
        if manifest.steps.count > Limits.stepsPerPipeline {
            report(
                ["steps"],
                .limitExceeded,
                "there are \(manifest.steps.count) steps; a pipeline may have \(Limits.stepsPerPipeline)",
                remedy: "split the pipeline"
            )
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
        }
    }

    func offer(_ name: String, among known: [String]) -> String? {
        NearestName.of(name, among: known.sorted()).map { "did you mean \($0)?" }
    }
}
