import MartletCore
import MartletScheduling

/// What the scheduler holds of one pipeline.
struct PipelineEntry {
    var record: PipelineRecord
    /// In a box, because a turn looks at every entry, and a manifest has many parts to be copied.
    private var definition: Definition
    /// Nil when only people start it, and when it is in no file any more.
    var timetable: Timetable?
    /// Whether a file defines it.
    var isDefined = true
    /// The last start that its timetables called for.
    var lastTick: ScheduledTick?
    /// The next one, as computed last; nil when there is none.
    var nextTick: ScheduledTick?
    /// What starts it when datasets are written.
    var trigger: DatasetTrigger?
    /// Writings of datasets that its trigger is about and that no run of it has taken, oldest first; nil until they
    /// have been read.
    var writings: [DatasetEvent]?
    /// The last writing that a run of it has taken, or passed over.
    var datasetsTaken = 0
    /// Whether these have to be decided about.
    var hasNewWritings = true
    /// Runs that are executed, or about to be; backfills are counted apart.
    var running: Set<RunID> = []
    /// Runs about to be made, which have no id yet.
    var starting = 0
    /// Runs that wait to be started, in the order of their starts.
    var queued: [QueuedRun] = []

    struct QueuedRun {
        var id: RunID
        var occasion: RunOccasion
        /// Whether it had begun before this process did: it goes on whatever the limits.
        var hasBegun = false
        /// Whether it takes all writings of datasets that there are when it starts.
        var takesDatasets = false
    }

    private final class Definition: Sendable {
        let manifest: PipelineManifest

        init(_ manifest: PipelineManifest) { self.manifest = manifest }
    }

    init(record: PipelineRecord, manifest: PipelineManifest) {
        self.record = record
        definition = Definition(manifest)
    }

    var manifest: PipelineManifest {
        get { definition.manifest }
        set { definition = Definition(newValue) }
    }

    var pipeline: PipelineID { record.pipeline }

    /// Runs that count against the pipeline's limit.
    var activeCount: Int { running.count + starting }

    /// Whether its next start is due and can be made.
    func isDue(at now: Timestamp) -> Bool {
        guard starting == 0, let nextTick, nextTick.runAfter <= now else { return false }
        return mayCreate
    }

    /// Whether another run may start now.
    var mayStart: Bool { !record.isPaused && activeCount < manifest.policy.maxActiveRuns }

    /// Whether another run may be made: as in Airflow, runs that wait count too.
    var mayCreate: Bool {
        let waiting = queued.count { $0.occasion.backfill == nil }
        if manifest.schedule?.rule == .continuous { return !record.isPaused && activeCount + waiting == 0 }
        return !record.isPaused && activeCount + waiting < manifest.policy.maxActiveRuns
    }

    /// Whether steps wait for the run before theirs.
    var usesPast: Bool { manifest.steps.contains { $0.past != .ignored } }

    /// Sets what starts it when datasets are written, as the manifest says.
    mutating func setTrigger() {
        (trigger, writings, hasNewWritings) = (nil, nil, true)
        guard isDefined, let schedule = manifest.schedule, let condition = schedule.datasets else { return }
        trigger = DatasetTrigger(condition, policy: schedule.datasetPolicy)
    }

    mutating func enqueue(_ run: QueuedRun) {
        // Ids sort by the time they were made, so runs of one instant keep their order.
        func key(_ run: QueuedRun) -> (Int64, String) {
            ((run.occasion.runAfter ?? run.occasion.logicalDate)?.microseconds ?? 0, run.id.rawValue)
        }
        let place = queued.firstIndex { key(run) < key($0) } ?? queued.endIndex
        queued.insert(run, at: place)
    }

    func status() -> PipelineStatus {
        PipelineStatus(
            record: record,
            schedule: manifest.schedule?.summary,
            nextRun: record.isPaused ? nil : nextTick?.runAfter
        )
    }
}
