/// Something that a person should know of now.
///
/// As JSON it is what notifiers get and what the log of alerts keeps: a contract with the programs of users.
public struct Alert: Hashable, Codable, Sendable {
    /// What kinds there are.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// A run is not done in the time its pipeline promises.
        case deadlineMissed = "deadline_missed"
        case runFailed = "run_failed"
        case stepFailed = "step_failed"
        /// The scheduler paused a pipeline, because its runs fail one after the other.
        case pipelinePaused = "pipeline_paused"
        /// A metric of a run is not as it usually is.
        case anomaly
        /// A step waits for a person's answer.
        case approvalNeeded = "approval_needed"
        /// A notifier did not take an alert.
        case notifierFailed = "notifier_failed"
        /// Alerts were given up because too many waited.
        case alertsDropped = "alerts_dropped"
        /// Checks of data fail.
        case incidentFiring = "incident_firing"
        /// Somebody looks after checks that fail.
        case incidentAcknowledged = "incident_acknowledged"
        /// Checks that failed pass again.
        case incidentResolved = "incident_resolved"
    }

    /// Tells alerts apart: one of an id is delivered once to each notifier.
    public var id: String
    /// What happened.
    public var kind: Kind
    /// When it happened.
    public var at: Timestamp
    /// What happened, in a sentence that names the thing.
    public var text: String
    /// The pipeline it is about; nil when it is about none.
    public var pipeline: PipelineID?
    /// The run it is about; nil when it is about none.
    public var run: RunID?
    /// The step it is about; nil when it is about none.
    public var step: InstanceID?
    /// The error that led to it; nil when none did.
    public var error: MartletError?
    /// What there is to say of incidents, for alerts of those kinds.
    public var incident: IncidentNotice?

    /// An alert with its id, which has to be the same when the same thing is reported again.
    public init(
        id: String,
        kind: Kind,
        at: Timestamp,
        text: String,
        pipeline: PipelineID? = nil,
        run: RunID? = nil,
        step: InstanceID? = nil,
        error: MartletError? = nil,
        incident: IncidentNotice? = nil
    ) {
        self.id = id
        self.kind = kind
        self.at = at
        self.text = text
        self.pipeline = pipeline
        self.run = run
        self.step = step
        self.error = error
        self.incident = incident
    }

    /// The alert with every text in it passed through `mask`, which takes secrets out.
    public func masked(_ mask: (String) -> String) -> Alert {
        var alert = self
        alert.text = mask(text)
        alert.incident = incident?.masked(mask)
        if var error {
            error.message = mask(error.message)
            error.reason = error.reason.map(mask)
            error.remedy = error.remedy.map(mask)
            error.cause = error.cause.map(mask)
            alert.error = error
        }
        return alert
    }
}
