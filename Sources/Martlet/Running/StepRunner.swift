import Foundation

/// Runs the body of one step to its end and says so in messages.
struct StepRunner {
    /// How the process of a step ends.
    enum Exit: Int32, Sendable {
        case success = 0
        case failed = 1
        case skipped = 99
        /// Ended because it was asked to, as a shell shows a process that SIGTERM ended.
        case stopped = 143
    }

    let pipeline: Pipeline
    let send: @Sendable (StepMessage) -> Void

    /// Runs the body of `step`; never throws, because a failed step is a result.
    @concurrent
    func run(_ step: StepID, in document: StepContextDocument) async -> Exit {
        guard let body = pipeline.bodies[step] else {
            send(.failure(error: unknown(step), retry: false))
            return .failed
        }
        do {
            if case .value(let value) = try await body.run(StepContext(document, send: send)) {
                let value = try StepBody.reportable(value, name: .result, of: step)
                send(.value(name: .result, value: value))
            }
            return .success
        } catch let skipped as StepSkipped {
            send(.skip(reason: skipped.reason))
            return .skipped
        } catch {
            let (failure, retry) = Self.failure(of: step, error)
            send(.failure(error: failure, retry: retry))
            return Task.isCancelled ? .stopped : .failed
        }
    }

    /// Errors of the wiring, which are the same the next time.
    private static let permanent: Set<ErrorCode> = [
        .inputMissing, .limitExceeded, .parameterValueInvalid, .valueInvalid, .valueMissing,
    ]

    /// What Martlet is told of an error, and whether trying again could help.
    static func failure(of step: StepID, _ error: any Error) -> (error: MartletError, retry: Bool) {
        switch error {
        case let error as MartletError:
            return (error, !permanent.contains(error.code))
        case let failure as PermanentFailure:
            return (
                MartletError(
                    .stepThrew,
                    failure.message,
                    reason: failure.reason ?? "step \(step) says that trying again cannot help",
                    remedy: failure.remedy
                ),
                false
            )
        case is CancellationError:
            return (MartletError(.stepThrew, "step \(step) stopped because it was asked to"), true)
        default:
            let described = (error as? any LocalizedError)?.errorDescription ?? String(describing: error)
            return (
                MartletError(
                    .stepThrew,
                    "step \(step) threw: \(described.prefix(2_000))",
                    cause: String(reflecting: type(of: error))
                ),
                true
            )
        }
    }

    private func unknown(_ step: StepID) -> MartletError {
        let known = pipeline.bodies.keys.map(\.rawValue).sorted()
        guard let manifest = pipeline.manifest.step(step) else {
            return MartletError(
                .referenceUnknown,
                "pipeline \(pipeline.manifest.pipeline) has no step \(step)",
                remedy: NearestName.of(step.rawValue, among: known).map { "did you mean \($0)?" }
                    ?? "its Swift steps are \(known.joined(separator: ", "))"
            )
        }
        return MartletError(
            .referenceUnknown,
            "step \(step) is not a Swift step",
            reason: "it is a \(manifest.action.kind) step, which `martlet` runs by itself",
            remedy: "run the pipeline with the subcommand `run`"
        )
    }
}
