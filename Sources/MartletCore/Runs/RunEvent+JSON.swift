// The permanent format of the log: one flat object with the event's name under `type` and the rest in snake case.
// A log is read for as long as its database lives, so keys are added but never renamed, and an event of a new type
// comes with a new migration of the stores, which makes an older Martlet refuse the database instead of misreading it.
extension RunEvent: Codable {
    /// Decodes `{"type":"step_scheduled","step":"ingest"}` and its like.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        func step() throws -> InstanceID { try container.decode(InstanceID.self, forKey: .step) }
        switch type {
        case "run_created":
            self = .runCreated(try RunCreated(from: decoder))
        case "run_started":
            self = .runStarted(try Executor(from: decoder))
        case "run_resumed":
            self = .runResumed(try Executor(from: decoder))
        case "datasets_taken":
            self = .datasetsTaken(try container.decode([DatasetEvent].self, forKey: .events))
        case "steps_mapped":
            self = .stepsMapped(try MappedSteps(from: decoder))
        case "steps_held":
            self = .stepsHeld(
                steps: try container.decode([InstanceID].self, forKey: .steps),
                reason: try container.decode(String.self, forKey: .reason)
            )
        case "attempt_deferred":
            self = .attemptDeferred(
                step: try step(),
                attempt: try container.decode(Int.self, forKey: .attempt),
                state: try container.decode(StepState.self, forKey: .state)
            )
        case "stop_requested":
            self = .stopRequested(
                try container.decode(RunStop.self, forKey: .stop),
                reason: try container.decode(String.self, forKey: .reason)
            )
        case "cleared":
            self = .cleared(try ClearedSteps(from: decoder))
        case "marked":
            self = .marked(try MarkedSteps(from: decoder))
        case "deadline_missed":
            self = .deadlineMissed(try DeadlineMiss(from: decoder))
        case "step_scheduled":
            self = .stepScheduled(step: try step())
        case "attempt_started":
            self = .attemptStarted(step: try step(), attempt: try container.decode(Int.self, forKey: .attempt))
        case "attempt_finished":
            self = .attemptFinished(try AttemptFinished(from: decoder))
        case "step_resolved":
            self = .stepResolved(
                step: try step(),
                state: try container.decode(StepState.self, forKey: .state),
                reason: try container.decode(String.self, forKey: .reason)
            )
        case "branch_decided":
            self = .branchDecided(step: try step(), follow: try container.decode([StepID].self, forKey: .follow))
        case "cancel_requested":
            self = .cancelRequested(reason: try container.decode(String.self, forKey: .reason))
        case "published":
            self = .published(try Publication(from: decoder))
        case "publish_refused":
            self = .publishRefused(try container.decode(MartletError.self, forKey: .error))
        case "run_finished":
            self = .runFinished(
                state: try container.decode(RunState.self, forKey: .state),
                reason: try container.decodeIfPresent(String.self, forKey: .reason)
            )
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .type,
                in: container,
                debugDescription: "\"\(type)\" is not an event that this Martlet knows"
            )
        }
    }

    /// Encodes the event as one flat object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .type)
        switch self {
        case .runCreated(let created):
            try created.encode(to: encoder)
        case .runStarted(let executor), .runResumed(let executor):
            try executor.encode(to: encoder)
        case .stepScheduled(let step):
            try container.encode(step, forKey: .step)
        case .datasetsTaken(let events):
            try container.encode(events, forKey: .events)
        case .stepsMapped(let mapped):
            try mapped.encode(to: encoder)
        case .stepsHeld(let steps, let reason):
            try container.encode(steps, forKey: .steps)
            try container.encode(reason, forKey: .reason)
        case .attemptDeferred(let step, let attempt, let state):
            try container.encode(step, forKey: .step)
            try container.encode(attempt, forKey: .attempt)
            try container.encode(state, forKey: .state)
        case .stopRequested(let stop, let reason):
            try container.encode(stop, forKey: .stop)
            try container.encode(reason, forKey: .reason)
        case .cleared(let cleared):
            try cleared.encode(to: encoder)
        case .marked(let marked):
            try marked.encode(to: encoder)
        case .deadlineMissed(let miss):
            try miss.encode(to: encoder)
        case .attemptStarted(let step, let attempt):
            try container.encode(step, forKey: .step)
            try container.encode(attempt, forKey: .attempt)
        case .attemptFinished(let finished):
            try finished.encode(to: encoder)
        case .stepResolved(let step, let state, let reason):
            try container.encode(step, forKey: .step)
            try container.encode(state, forKey: .state)
            try container.encode(reason, forKey: .reason)
        case .branchDecided(let step, let follow):
            try container.encode(step, forKey: .step)
            try container.encode(follow, forKey: .follow)
        case .cancelRequested(let reason):
            try container.encode(reason, forKey: .reason)
        case .published(let publication):
            try publication.encode(to: encoder)
        case .publishRefused(let error):
            try container.encode(error, forKey: .error)
        case .runFinished(let state, let reason):
            try container.encode(state, forKey: .state)
            try container.encodeIfPresent(reason, forKey: .reason)
        }
    }

    enum CodingKeys: String, CodingKey {
        case type, step, attempt, state, reason, follow, events, stop, steps, error
    }
}
