extension SimulationPlan {
    /// The plan of a recorded run.
    package init(_ app: SparkApplication, shape: ClusterShape) {
        let origin = app.start
        let groups = Self.jobs(of: app)
        let crowding = StageCrowding(app)
        for group in groups {
            jobs.append(Job(nodes: [], after: 0, gap: 0, tail: 0))
            addNodes(group, app: app, shape: shape, crowding: crowding)
        }
        let completed = groups.map(\.completed)
        completionOrder = groups.indices.sorted { (completed[$0], $0) < (completed[$1], $1) }
        let ordered = completionOrder.map { completed[$0] }
        for (index, group) in groups.enumerated() {
            // Those that had completed before; never itself.
            var low = 0
            var high = ordered.count
            while low < high {
                let middle = (low + high) / 2
                if ordered[middle] <= group.submitted { low = middle + 1 } else { high = middle }
            }
            if low > 0, completed[index] <= group.submitted {
                low = min(low, completionOrder.firstIndex(of: index) ?? 0)
            }
            jobs[index].after = low
            jobs[index].gap = Self.pause(group.submitted - (low > 0 ? ordered[low - 1] : origin))
            let lastTask = group.stages.compactMap { app.stages[$0].release }.max()
            jobs[index].tail = Self.pause(group.completed - (lastTask ?? group.submitted))
        }
        tail = Self.pause((app.end ?? app.lastTime) - (ordered.last ?? origin))
        arrivals = app.executors.map { max(0, $0.added - origin) }.sorted()
        if arrivals.count > shape.executors { arrivals.removeLast(arrivals.count - shape.executors) }
    }

    /// A time of the driver in milliseconds: at most some decades, as all of them one after another must not overflow.
    private static func pause(_ milliseconds: Int) -> Int { min(max(0, milliseconds), 1 << 40) }

    private struct Group {
        var submitted: Int
        var completed: Int
        var stages: [Int]
    }

    /// The jobs with the stages that ran for them; a stage without a job becomes one.
    private static func jobs(of app: SparkApplication) -> [Group] {
        var byJob: [Int: [Int]] = [:]
        var groups: [Group] = []
        for (index, stage) in app.stages.enumerated() where stage.tasks.count > 0 {
            if let job = stage.job {
                byJob[job, default: []].append(index)
            } else {
                let begin = stage.begin ?? app.start
                groups.append(Group(submitted: begin, completed: max(begin, stage.finish ?? begin), stages: [index]))
            }
        }
        for job in app.jobs {
            let stages = byJob[job.id] ?? []
            let lastTask = stages.compactMap { app.stages[$0].finish }.max()
            // Without its end, as in a log that breaks off, a job ends with its last task.
            let completed = max(job.submitted, job.completed ?? lastTask ?? job.submitted)
            groups.append(Group(submitted: job.submitted, completed: completed, stages: stages))
        }
        return groups.sorted { ($0.submitted, $0.completed) < ($1.submitted, $1.completed) }
    }

    private mutating func addNodes(
        _ group: Group,
        app: SparkApplication,
        shape: ClusterShape,
        crowding: StageCrowding
    ) {
        let job = jobs.count - 1
        var placed: [(stage: Int, node: Int)] = []
        for index in group.stages.sorted(by: { (app.stages[$0].begin ?? 0, $0) < (app.stages[$1].begin ?? 0, $1) }) {
            let stage = app.stages[index]
            let begin = stage.begin ?? group.submitted
            let submitted = stage.submitted ?? begin
            var parents: [Int] = []
            var waited = group.submitted
            for (other, node) in placed {
                let before = app.stages[other]
                guard before.id == stage.id || stage.parents.contains(before.id), let finish = before.finish,
                    let release = before.release, finish <= begin
                else { continue }
                parents.append(node)
                waited = max(waited, release)
            }
            // A first launch that came late because all slots were taken is not the driver's doing.
            let isCrowded = crowding.isCrowded(index, from: submitted, to: begin)
            let samples = stage.tasks.samples.sorted { $0.launch < $1.launch }
            let (dispatch, overlap) = Self.pace(stage, shape)
            placed.append((index, nodes.count))
            jobs[job].nodes.append(nodes.count)
            nodes.append(
                Node(
                    stage: index,
                    job: job,
                    durations: samples.map { UInt32(Double($0.duration) * overlap) },
                    weight: stage.tasks.stride,
                    parents: parents,
                    delay: Self.pause((isCrowded ? submitted : begin) - waited),
                    dispatch: dispatch
                )
            )
        }
    }

    /// The time a slot stays empty between two tasks, and by how much tasks are shorter than they seem.
    ///
    /// A task ends when the driver says so, which may be after its slot has begun the next. Both are taken from a stage
    /// that is long enough to tell.
    private static func pace(_ stage: SparkStage, _ shape: ClusterShape) -> (dispatch: Int, overlap: Double) {
        let tasks = stage.tasks
        guard tasks.count >= 8 * shape.slots, let first = tasks.firstLaunch, let last = tasks.lastRelease else {
            return (0, 1)
        }
        let busy = tasks.totals.duration - tasks.totals.gettingResultTime
        // Broken times on many slots are more than a whole number holds.
        let room = Double(last - first) * Double(shape.slots)
        // A pause of more than this is not the scheduler, but too few tasks.
        if Double(busy) <= room { return (Int(min(20, (room - Double(busy)) / Double(tasks.count))), 1) }
        return (0, max(0.5, room / Double(busy)))
    }
}
