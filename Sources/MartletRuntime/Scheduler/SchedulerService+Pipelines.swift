import MartletCore
import MartletScheduling

// Which pipelines there are, in which version, and when each starts next.
extension SchedulerService {
    func register(_ definitions: PipelineDefinitions) async throws(MartletError) {
        for problem in definitions.problems { observer.heard(.problem(source: problem.source, errors: problem.errors)) }
        var seen: Set<PipelineID> = []
        for definition in definitions.pipelines {
            seen.insert(definition.manifest.pipeline)
            try await register(definition)
        }
        let broken = Set(definitions.problems.map(\.source))
        for record in try await dependencies.project.pipelines() where !seen.contains(record.pipeline) {
            try await keep(record, isBroken: broken.contains(record.source))
        }
        dependencies.incidents?.follow(entries.values.map(\.manifest))
    }

    private func register(_ definition: PipelineDefinitions.Definition) async throws(MartletError) {
        let manifest = definition.manifest
        let hash = ManifestHash.of(manifest)
        let known = entries[manifest.pipeline]
        if let known, known.record.manifestHash == hash, known.isDefined, known.record.source == definition.source,
            known.record.program == definition.program
        {
            return
        }
        try await dependencies.store.keep(manifest: manifest, hash: hash)
        let record = try await dependencies.project.register(
            manifest.pipeline,
            hash: hash,
            source: definition.source,
            program: definition.program,
            startsPaused: manifest.policy.startsPaused,
            at: now
        )
        var entry = known ?? PipelineEntry(record: record, manifest: manifest)
        entry.record = record
        entry.manifest = manifest
        entry.isDefined = true
        do throws(MartletError) {
            entry.timetable = try manifest.schedule.map { (spec) throws(MartletError) in
                try Timetable(spec, pipeline: manifest.pipeline)
            }
        } catch {
            entry.timetable = nil
            observer.heard(.problem(source: definition.source, errors: [error]))
        }
        if known == nil { entry.lastTick = try await lastTick(of: manifest.pipeline) }
        entry.nextTick = entry.timetable?.next(last: entry.lastTick, now: now)
        entry.setTrigger()
        entries[manifest.pipeline] = entry
        dependencies.admission.setPaused(record.isPaused, pipeline: manifest.pipeline)
        if known != nil { observer.heard(.registered(entry.status())) }
    }

    /// A pipeline that no file defines starts nothing by itself, but its runs go on; one whose file is broken goes on
    /// with the version it had.
    private func keep(_ record: PipelineRecord, isBroken: Bool) async throws(MartletError) {
        guard var entry = try await entries[record.pipeline].orElse(await restored(record)) else { return }
        if isBroken, entry.timetable == nil {
            entry.timetable = entry.manifest.schedule.flatMap { try? Timetable($0, pipeline: record.pipeline) }
        }
        if !isBroken { entry.timetable = nil }
        if entry.isDefined != isBroken || isBroken && entry.trigger == nil {
            entry.isDefined = isBroken
            entry.setTrigger()
            datasetAlarms[record.pipeline] = nil
        }
        entry.nextTick = entry.timetable?.next(last: entry.lastTick, now: now)
        entries[record.pipeline] = entry
        dependencies.admission.setPaused(record.isPaused, pipeline: record.pipeline)
    }

    private func restored(_ record: PipelineRecord) async throws(MartletError) -> PipelineEntry? {
        guard let manifest = try await dependencies.store.manifest(hash: record.manifestHash) else { return nil }
        var entry = PipelineEntry(record: record, manifest: manifest)
        entry.lastTick = try await lastTick(of: record.pipeline)
        return entry
    }

    /// What the run with the greatest date was scheduled for; this is all the state that a schedule has.
    private func lastTick(of pipeline: PipelineID) async throws(MartletError) -> ScheduledTick? {
        let last = try await dependencies.project.lastRun(of: pipeline, kinds: [.scheduled], before: nil)
        guard let occasion = last?.occasion, let start = occasion.intervalStart, let end = occasion.intervalEnd else {
            return nil
        }
        return ScheduledTick(runAfter: occasion.runAfter ?? end, interval: DataInterval(start: start, end: end))
    }
}

extension Optional {
    /// The value, or what `other` gives.
    fileprivate func orElse(
        _ other: @autoclosure () async throws(MartletError) -> Wrapped?
    ) async throws(MartletError) -> Wrapped? {
        if let self { return self }
        return try await other()
    }
}
