/// What the simulation of an application needs: its tasks, what waits for what, and the driver's own time.
///
/// The rules, each taken from the recorded run:
/// - a job is submitted when the jobs that had completed before it have completed, after the driver's time between;
/// - an attempt of a stage starts when its job is submitted and the parents and earlier attempts that had finished before
///   it have finished, after the delay there was, unless it only waited for slots;
/// - tasks take as long as they took; the first job goes first when slots are few (Spark's FIFO scheduler);
/// - after its last stage a job takes the time it took, and so does the application after its last job.
package struct SimulationPlan: Sendable, Equatable {
    /// One attempt of a stage.
    package struct Node: Sendable, Equatable {
        /// Its place in the application's list of stages.
        var stage: Int
        /// Its job in the plan.
        var job: Int
        /// Durations of its tasks in milliseconds, in the order of their launch.
        var durations: [UInt32]
        /// How many tasks each duration stands for.
        var weight: Int
        /// Nodes that must have finished.
        var parents: [Int]
        /// Milliseconds after all it waits for.
        var delay: Int
        /// Milliseconds between the end of a task and the next on the same slot.
        var dispatch: Int

        /// Tasks.
        var count: Int { durations.count * weight }
    }

    /// A job.
    struct Job: Sendable, Equatable {
        /// Its nodes.
        var nodes: [Int]
        /// How many jobs, in the order of completion, must have completed.
        var after: Int
        /// Milliseconds of the driver after that.
        var gap: Int
        /// Milliseconds from its last task, or from its submission without one, to its completion.
        var tail: Int
    }

    /// The attempts of stages.
    package var nodes: [Node] = []
    /// The jobs in the order of their submission.
    var jobs: [Job] = []
    /// The jobs in the order of their completion.
    var completionOrder: [Int] = []
    /// Milliseconds after the last completion.
    var tail = 0
    /// Milliseconds from the start at which executors came, in order.
    var arrivals: [Int] = []

    /// Tasks of all nodes.
    package var taskCount: Int { nodes.reduce(0) { $0 + $1.count } }

    /// The node of a stage's attempt.
    package func node(ofStage stage: Int) -> Int? { nodes.firstIndex { $0.stage == stage } }

    /// The plan with other tasks for one stage.
    package func replacing(stage: Int, durations: [UInt32]) -> SimulationPlan {
        guard let index = node(ofStage: stage) else { return self }
        var plan = self
        plan.nodes[index].durations = durations
        plan.nodes[index].weight = 1
        return plan
    }
}
