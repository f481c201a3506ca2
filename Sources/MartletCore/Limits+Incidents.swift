// Limits of incidents and their delivery.
extension Limits {
    /// Samples of bad values that an incident keeps.
    public static let incidentSamples = 5
    /// Characters of one sample.
    public static let incidentSampleCharacters = 120
    /// Values of a trend that an incident keeps.
    public static let incidentTrendPoints = 30
    /// Characters of what a check expected, or observed.
    public static let incidentTextCharacters = 1_000
    /// Observations taken at once.
    public static let observationsAtOnce = 20_000
    /// Incidents that are open at the same time; what fails beyond them is not kept.
    public static let openIncidents = 20_000
    /// Incidents written out in one notification; the rest are counted.
    public static let noticeItems = 500
    /// Incidents written out with samples and trends in one notification.
    public static let noticeDetails = 10
    /// Datasets named in a list of a notification.
    public static let noticeDatasets = 20
    /// Actions kept of one incident; the latest stay.
    public static let incidentActions = 100
    /// What was done about an incident, in one notification.
    public static let noticeActions = 10
    /// Events kept of one incident; the first and the last stay.
    public static let incidentEvents = 1_000
    /// Silences that are in force at the same time.
    public static let silences = 1_000
    /// Levels of an escalation.
    public static let escalationLevels = 10
    /// Routes, runbooks and the like in one project file.
    public static let incidentRoutes = 1_000

    /// Deliveries that wait for one receiver; when more come, the newest are given up.
    public static let queuedDeliveries = 10_000
    /// Calls for one delivery; then it is a dead letter.
    public static let deliveryAttempts = 12
    /// Longest pause between two calls for one delivery.
    public static let deliveryBackoffSeconds = 300
    /// Longest pause that a receiver may ask for.
    public static let retryAfterSeconds = 3_600
    /// Time that one call of a receiver may take.
    public static let receiverSeconds = 10
    /// Bytes of an answer of a receiver that are read.
    public static let receiverAnswerBytes = 64 << 10
    /// Time that a run waits at its end for its notifications.
    public static let flushSeconds = 15
    /// Deliveries kept after they were made, or given up.
    public static let settledDeliveries = 10_000
}
