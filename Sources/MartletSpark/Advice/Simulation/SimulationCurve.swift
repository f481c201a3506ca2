/// How long a run would have taken with fewer or more executors.
package struct SimulationCurve: Sendable, Equatable, Codable {
    /// One shape.
    package struct Point: Sendable, Equatable, Codable {
        /// Executors, or cores in local mode, as a share of what there was.
        package var share: Double
        /// Executors.
        package var executors: Int
        /// Tasks at the same time.
        package var slots: Int
        /// Milliseconds from start to end.
        package var wall: Int
        /// Executor cores times hours.
        package var coreHours: Double
        /// The share of the slots' time in which tasks ran.
        package var utilisation: Double
    }

    /// From few to many.
    package var points: [Point]
    /// What the simulation says of the run as it was, against the record: 0.02 is 2 % longer.
    package var error: Double
    /// Milliseconds from start to end with endless slots: what no executor can shorten.
    package var floor: Int

    /// Simulates from 10 % to 200 % of the executors.
    package init(_ run: RunProfile) {
        let full = run.shape.isLocal ? run.shape.cores : run.shape.executors
        // Millions of tasks take seconds for each shape.
        let shares =
            run.plan.taskCount > 2_000_000
            ? [50, 100, 200] : [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 150, 200]
        var seen: Set<Int> = []
        points = []
        for share in shares {
            let count = max(1, (full * share + 50) / 100)
            guard seen.insert(count).inserted else { continue }
            let shape = Self.scaled(run.shape, to: count)
            let outcome = count == full ? run.baseline : SchedulerSimulation.run(run.plan, on: shape)
            points.append(
                Point(
                    share: Double(count) / Double(full),
                    executors: shape.executors,
                    slots: shape.slots,
                    wall: outcome.wall,
                    coreHours: outcome.coreHours,
                    utilisation: Double(outcome.busy) / max(1, Double(outcome.wall) * Double(shape.slots))
                )
            )
        }
        error = run.app.wall > 0 ? Double(run.baseline.wall - run.app.wall) / Double(run.app.wall) : 0
        let endless = min(1 << 16, max(run.plan.taskCount, full))
        var plan = run.plan
        plan.arrivals = []
        floor = SchedulerSimulation.run(plan, on: ClusterShape(executors: endless, cores: 1)).wall
    }

    /// A shape with other executors, or other cores in local mode.
    static func scaled(_ shape: ClusterShape, to count: Int) -> ClusterShape {
        var scaled = shape
        if shape.isLocal { scaled.cores = count } else { scaled.executors = count }
        return scaled
    }
}
