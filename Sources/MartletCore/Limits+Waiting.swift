// The limits of waits and alerts.
extension Limits {
    /// Longest wait of a step, and longest time between two looks.
    public static let waitSeconds = 366 * 86_400
    /// Shortest time between two looks.
    public static let pollMilliseconds = 100
    /// Most looks at files, states and web servers at once.
    public static let looksAtOnce = 16
    /// Most SQL statements of waits at once; each is a process.
    public static let queriesAtOnce = 2
    /// Errors in a row that may pass, after which a wait fails.
    public static let failedLooks = 10
    /// Longest time a timer sleeps without a look at the wall clock, which someone may have set.
    public static let timerSeconds = 60
    /// Most looks that are gone through to tell when a wait looks next.
    public static let explainedLooks = 10_000
    /// Shortest time between two looks that were pushed.
    public static let pushedLookMilliseconds = 100
    /// Most folder entries that one look at a file pattern reads.
    public static let folderEntriesPerLook = 20_000
    /// Deepest folders that `**` in a file pattern looks into.
    public static let folderDepth = 16
    /// Most paths of files that a wait reports.
    public static let reportedPaths = 100
    /// Most folders watched for all waits; others are looked at by the clock only.
    public static let watchedFolders = 4_096
    /// Most folders watched for one wait.
    public static let watchedFoldersPerWait = 64
    /// Largest body of a web server's answer that is read.
    public static let bodyBytes = 1 << 20
    /// Longest exchange with a web server.
    public static let requestSeconds = 30
    /// Most redirects followed.
    public static let redirects = 5
    /// Longest run of a wait's SQL statement.
    public static let querySeconds = 600
    /// Most answers to choose from.
    public static let answerOptions = 20
    /// Alerts that wait for one notifier; further ones are given up.
    public static let queuedAlerts = 1_000
    /// Alerts remembered so that none is delivered twice.
    public static let rememberedAlerts = 10_000
    /// Most repetitions of a delivery.
    public static let deliveryRetries = 10
    /// Longest wait before a delivery is repeated.
    public static let deliveryDelaySeconds = 300
    /// Longest run of a notifier's program.
    public static let deliverySeconds = 300
    /// Size at which the log of alerts is put aside and begun anew; one old file is kept.
    public static let alertLogBytes = 16 << 20
    /// Output of a notifier's program, or complaints of a request, that an error shows.
    public static let shownOutputBytes = 2_048
}
