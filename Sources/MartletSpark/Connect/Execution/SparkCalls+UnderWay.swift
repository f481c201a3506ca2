internal import GRPCCore
import MartletCore

extension SparkCalls {
    /// Waits until an execution has work under way or is over, for some seconds at most.
    ///
    /// A server (of 4.2 too) that is told to stop while it still plans takes that for the plan's jobs that there are, which
    /// are none, and then runs the job all the same, for nobody.
    ///
    /// - Parameter request: asks for what follows the last response of the execution.
    func untilUnderWay(_ request: ProtoReattachExecuteRequest) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await options.sleep(.seconds(Limits.sparkPlanningSeconds)) }
            group.addTask {
                // The plan itself may still be on its way.
                for attempt in 0..<5 where !Task.isCancelled {
                    let found = try? await connection.stream(.reattachExecute, request) { responses in
                        for try await response in responses where response.message.isOfWorkUnderWay { break }
                        return true
                    }
                    if found == true { return }
                    try? await options.sleep(.milliseconds(50 << attempt))
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}

extension ProtoExecutePlanResponse {
    /// Whether it shows that planning is over: there are tasks, rows, or the end.
    var isOfWorkUnderWay: Bool {
        switch responseType {
        case .executionProgress(let progress): progress.stages.contains { $0.numTasks > 0 }
        case .arrowBatch, .resultComplete: true
        default: false
        }
    }
}
