import MartletCore

/// Listens to a run for the scheduler, and passes on what matters to others.
struct RunWatch: RunObserver {
    let pipeline: PipelineID
    /// Whether the ends of its steps matter to the run after it.
    let isPast: Bool
    let scheduler: SchedulerService
    let observer: any SchedulerObserver
    let waits: WaitService

    func recorded(_ events: [RecordedEvent], of run: RunID) {
        observer.heard(.recorded(run, pipeline, events))
        var matters = false
        var hasEnded = false
        for entry in events {
            switch entry.event {
            case .attemptFinished(let finished):
                hasEnded = hasEnded || finished.state.isTerminal
                matters = matters || finished.state.isTerminal && isPast
                // What went into the lake others see when it is published.
                for output in finished.outcome.outputs where finished.state == .success && output.commit == nil {
                    waits.wake(.dataset(output.dataset))
                    matters = true
                }
            case .published(let publication):
                for writing in publication.datasets { waits.wake(.dataset(writing.dataset)) }
                matters = true
            case .stepResolved, .marked:
                hasEnded = true
                matters = matters || isPast
            case .attemptDeferred(_, _, .awaitingInput), .cleared, .runStarted, .runResumed:
                matters = true
            default:
                break
            }
        }
        if hasEnded { waits.wake(.pipeline(pipeline)) }
        if matters { scheduler.push(.recorded(run, pipeline, events)) }
    }

    func received(_ message: StepMessage, from step: InstanceID, attempt: Int) {}
}
