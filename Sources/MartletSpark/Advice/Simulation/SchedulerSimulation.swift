/// Runs a plan on slots: list scheduling of the recorded tasks.
package enum SchedulerSimulation {
    /// What a simulated run was like; times in milliseconds.
    package struct Outcome: Sendable, Equatable {
        /// From start to end.
        package var wall: Int
        /// Of all tasks together.
        package var busy: Int
        /// Cores of all executors times hours.
        package var coreHours: Double
        /// When each node started, from the application's start; nil when it never did.
        package var starts: [Int?]
        /// When each node finished, from the application's start; nil when it never did.
        package var finishes: [Int?]
    }

    /// Simulates a plan on a cluster of this shape.
    package static func run(_ plan: SimulationPlan, on shape: ClusterShape) -> Outcome {
        var state = SimulationState(plan, shape)
        return state.run()
    }
}

/// The clock, the slots and what waits, while a plan runs.
private struct SimulationState {
    private let plan: SimulationPlan
    private let shape: ClusterShape
    private var events = EventHeap()
    private var freeSlots = 0
    /// Nodes with tasks that have not started, in the order in which slots are given to them.
    private var waiting: [Int] = []
    private var nextTask: [Int]
    private var openTasks: [Int]
    private var openParents: [Int]
    private var children: [[Int]]
    private var ready: [Int]
    private var jobSubmitted: [Int?]
    private var openNodes: [Int]
    private var isJobDone: [Bool]
    /// Jobs, in the recorded order of completion, that are all done.
    private var donePrefix = 0
    /// Jobs that wait for so many.
    private var jobsAfter: [Int: [Int]] = [:]
    private var busy = 0
    private var last = 0
    private var starts: [Int?]
    private var finishes: [Int?]

    init(_ plan: SimulationPlan, _ shape: ClusterShape) {
        self.plan = plan
        self.shape = shape
        nextTask = Array(repeating: 0, count: plan.nodes.count)
        openTasks = plan.nodes.map(\.count)
        openParents = plan.nodes.map(\.parents.count)
        children = Array(repeating: [], count: plan.nodes.count)
        ready = Array(repeating: 0, count: plan.nodes.count)
        starts = Array(repeating: nil, count: plan.nodes.count)
        finishes = Array(repeating: nil, count: plan.nodes.count)
        jobSubmitted = Array(repeating: nil, count: plan.jobs.count)
        openNodes = plan.jobs.map(\.nodes.count)
        isJobDone = Array(repeating: false, count: plan.jobs.count)
        for (index, node) in plan.nodes.enumerated() { for parent in node.parents { children[parent].append(index) } }
        for (index, job) in plan.jobs.enumerated() { jobsAfter[job.after, default: []].append(index) }
    }

    /// Milliseconds after which a run ends: centuries, so that what is computed with it does not overflow.
    private static let longestRun = 1 << 48

    mutating func run() -> SchedulerSimulation.Outcome {
        for executor in 0..<shape.executors {
            // With other executors than there were, they come at the same pace.
            let arrival =
                plan.arrivals.isEmpty
                ? 0 : plan.arrivals[min(plan.arrivals.count - 1, executor * plan.arrivals.count / shape.executors)]
            events.push(EventHeap.Event(time: arrival, kind: .executor, index: 0))
        }
        submit(after: 0, at: 0)
        while let event = events.pop() {
            switch event.kind {
            case .executor: freeSlots += shape.slotsPerExecutor
            case .submit: submitted(event.index, at: event.time)
            case .start: start(event.index, at: event.time)
            case .taskEnd:
                taskEnded(event.index, at: event.time)
            case .slot: freeSlots += 1
            case .jobEnd: completed(event.index, at: event.time)
            }
            // All that happens at one instant comes before slots are given away.
            if events.nextTime == event.time { continue }
            assign(at: event.time)
        }
        let wall = min(last + plan.tail, Self.longestRun)
        return SchedulerSimulation.Outcome(
            wall: wall,
            busy: busy,
            coreHours: Double(shape.allCores) * Double(wall) / 3_600_000,
            starts: starts,
            finishes: finishes
        )
    }

    private mutating func submit(after count: Int, at time: Int) {
        for job in jobsAfter.removeValue(forKey: count) ?? [] {
            events.push(.init(time: time + plan.jobs[job].gap, kind: .submit, index: job))
        }
    }

    private mutating func submitted(_ job: Int, at time: Int) {
        jobSubmitted[job] = time
        if plan.jobs[job].nodes.isEmpty {
            events.push(.init(time: time + plan.jobs[job].tail, kind: .jobEnd, index: job))
        }
        for node in plan.jobs[job].nodes {
            ready[node] = max(ready[node], time)
            if openParents[node] == 0 { schedule(node) }
        }
    }

    private mutating func schedule(_ node: Int) {
        events.push(.init(time: ready[node] + plan.nodes[node].delay, kind: .start, index: node))
    }

    private mutating func start(_ node: Int, at time: Int) {
        starts[node] = time
        guard openTasks[node] > 0 else { return finished(node, at: time) }
        // The first job goes first, and within it the stage that was there first.
        let place = waiting.firstIndex { (plan.nodes[$0].job, $0) > (plan.nodes[node].job, node) } ?? waiting.count
        waiting.insert(node, at: place)
    }

    private mutating func assign(at time: Int) {
        while freeSlots > 0, let node = waiting.first {
            let task = plan.nodes[node]
            let duration = Int(task.durations[nextTask[node] / task.weight])
            nextTask[node] += 1
            if nextTask[node] == task.count { waiting.removeFirst() }
            freeSlots -= 1
            busy += duration
            events.push(.init(time: time + duration, kind: .taskEnd, index: node))
        }
    }

    private mutating func taskEnded(_ node: Int, at time: Int) {
        let dispatch = plan.nodes[node].dispatch
        if dispatch > 0 {
            events.push(.init(time: time + dispatch, kind: .slot, index: 0))
        } else {
            freeSlots += 1
        }
        openTasks[node] -= 1
        if openTasks[node] == 0 { finished(node, at: time) }
    }

    private mutating func finished(_ node: Int, at time: Int) {
        finishes[node] = time
        last = max(last, time)
        for child in children[node] {
            openParents[child] -= 1
            ready[child] = max(ready[child], time)
            if openParents[child] == 0, jobSubmitted[plan.nodes[child].job] != nil { schedule(child) }
        }
        let job = plan.nodes[node].job
        openNodes[job] -= 1
        if openNodes[job] == 0 {
            events.push(.init(time: time + plan.jobs[job].tail, kind: .jobEnd, index: job))
        }
    }

    private mutating func completed(_ job: Int, at time: Int) {
        isJobDone[job] = true
        last = max(last, time)
        while donePrefix < plan.completionOrder.count, isJobDone[plan.completionOrder[donePrefix]] {
            donePrefix += 1
            submit(after: donePrefix, at: time)
        }
    }
}
