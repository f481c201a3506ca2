/// A recorded run with what every detector asks for, worked out once.
package struct RunProfile: Sendable {
    /// The run.
    package let app: SparkApplication
    /// From where on something is a finding.
    package let thresholds: AdviceThresholds
    /// The executors.
    package let shape: ClusterShape
    /// For the simulation.
    package let plan: SimulationPlan
    /// The simulation of the run as it was.
    package let baseline: SchedulerSimulation.Outcome
    /// Places of the stages on the critical path, in the application's list.
    package let critical: Set<Int>
    /// Spans with no running stage, from the first job's submission on, in milliseconds since 1970.
    package let gaps: [Range<Int>]
    /// Milliseconds from the start to the first job's submission.
    package let startup: Int
    /// Task time that the executors offered, in milliseconds.
    package let offered: Int
    /// Task time that was used.
    package let used: Int
    private let nodesByAccumulator: [Int: [PlacedNode]]

    /// A plan node with its query.
    package struct PlacedNode: Sendable {
        /// The query's number.
        package var query: Int
        /// The node.
        package var node: PlanNode
        /// The metric that the stage has counted.
        package var metric: String
    }

    /// The profile of a run.
    package init(_ app: SparkApplication, thresholds: AdviceThresholds = AdviceThresholds()) {
        self.app = app
        self.thresholds = thresholds
        shape = ClusterShape(of: app)
        plan = SimulationPlan(app, shape: shape)
        baseline = SchedulerSimulation.run(plan, on: shape)
        critical = Self.criticalPath(app)
        let firstJob = app.jobs.map(\.submitted).min() ?? app.stages.compactMap(\.begin).min()
        let end = app.end ?? app.lastTime
        startup = max(0, (firstJob ?? end) - app.start)
        gaps = Self.gaps(app, from: firstJob ?? end, to: end)
        var offered = 0
        for executor in app.executors {
            let slots = max(1, executor.cores / shape.taskCores)
            // Neither is large enough for the product to overflow: times end in 5138, and cores at 65,536.
            offered.add(bounded: max(0, (executor.removed ?? end) - max(executor.added, app.start)) * slots)
        }
        // Without executors in the log the slots are what the settings ask for, which may be anything.
        let asked = shape.slots.multipliedReportingOverflow(by: app.wall)
        self.offered = offered > 0 ? offered : asked.overflow ? Int.largestSum : min(asked.partialValue, Int.largestSum)
        used = app.stages.lazy.map(\.tasks.totals.duration).boundedSum
        var byAccumulator: [Int: [PlacedNode]] = [:]
        for query in app.queries {
            query.plan?.visit { node in
                for metric in node.metrics {
                    // The children are not needed, and each would be kept once for every node above it.
                    var bare = node
                    bare.children = []
                    byAccumulator[metric.accumulator, default: []].append(
                        PlacedNode(query: query.id, node: bare, metric: metric.name)
                    )
                }
            }
        }
        nodesByAccumulator = byAccumulator
    }

    /// Milliseconds with no running stage after the first job was submitted.
    package var driverTime: Int { gaps.reduce(0) { $0 + $1.count } }

    /// The plan nodes whose metrics a stage has counted, each once.
    package func nodes(of stage: SparkStage) -> [PlacedNode] {
        var seen: Set<String> = []
        var result: [PlacedNode] = []
        for accumulator in stage.accumulators {
            for placed in nodesByAccumulator[accumulator] ?? []
            where seen.insert("\(placed.query) \(placed.metric) \(placed.node.text)").inserted {
                result.append(placed)
            }
        }
        return result
    }

    /// A stage as findings call it: `stage 4 (count at job.py:12)`.
    package func name(_ stage: SparkStage) -> String {
        let attempt = stage.attempt > 0 ? "." + String(stage.attempt) : ""
        let name = stage.name.prefix(60)
        return "stage \(stage.id)\(attempt)" + (name.isEmpty ? "" : " (\(name))")
    }

    /// What the run would be like with another plan or on another shape.
    package func effect(_ changed: SimulationPlan? = nil, on other: ClusterShape? = nil) -> PredictedEffect {
        let outcome = SchedulerSimulation.run(changed ?? plan, on: other ?? shape)
        return PredictedEffect(
            wallBefore: baseline.wall,
            wallAfter: outcome.wall,
            coreHoursBefore: baseline.coreHours,
            coreHoursAfter: outcome.coreHours
        )
    }

    /// What the run would be like if a stage's work were spread evenly over so many tasks.
    package func effect(spreading stage: Int, over count: Int) -> PredictedEffect? {
        guard let node = plan.node(ofStage: stage), count > 0, count <= 1_000_000 else { return nil }
        let tasks = app.stages[stage].tasks
        let all = max(1, tasks.count)
        // What each task costs beside its run time, whatever its size.
        let fixed = Double(max(0, tasks.totals.duration - tasks.totals.runTime)) / Double(all)
        let work = Double(tasks.totals.runTime) / Double(count)
        let duration = UInt32(clamping: Int((fixed + work).rounded(.up)))
        guard !plan.nodes[node].durations.isEmpty else { return nil }
        return effect(plan.replacing(stage: stage, durations: Array(repeating: duration, count: count)))
    }

    // MARK: - Working it out

    /// From the last stage back: before each, the one that finished last before it was submitted.
    private static func criticalPath(_ app: SparkApplication) -> Set<Int> {
        let ordered = app.stages.indices.filter { app.stages[$0].finish != nil && app.stages[$0].tasks.count > 0 }
            .sorted { (app.stages[$0].finish ?? 0, $0) < (app.stages[$1].finish ?? 0, $1) }
        var path: Set<Int> = []
        var place = ordered.count - 1
        while place >= 0 {
            let stage = app.stages[ordered[place]]
            path.insert(ordered[place])
            let begin = stage.submitted ?? stage.begin ?? 0
            var next = place - 1
            // Finish times are in order, so that the first that fits is the latest.
            while next >= 0, (app.stages[ordered[next]].finish ?? 0) > begin + 5 { next -= 1 }
            place = next
        }
        return path
    }

    /// The spans between `start` and `end` in which no stage had a task.
    private static func gaps(_ app: SparkApplication, from start: Int, to end: Int) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for stage in app.stages {
            if let begin = stage.tasks.firstLaunch, let finish = stage.tasks.lastFinish, begin <= finish {
                spans.append(begin..<finish)
            }
        }
        spans.sort { $0.lowerBound < $1.lowerBound }
        var gaps: [Range<Int>] = []
        var reached = start
        for span in spans {
            if span.lowerBound > reached { gaps.append(reached..<span.lowerBound) }
            reached = max(reached, span.upperBound)
        }
        if end > reached { gaps.append(reached..<end) }
        return gaps
    }
}
