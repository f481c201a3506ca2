// 2xxx: runs and attempts.
extension ErrorCode {
    /// A step's process ended with a code that is not success.
    public static let exitCode = ErrorCode(2001)
    /// A step's process was ended by a signal.
    public static let exitSignal = ErrorCode(2002)
    /// An attempt ran longer than its timeout.
    public static let attemptTimedOut = ErrorCode(2003)
    /// A step's program could not be started.
    public static let launchFailed = ErrorCode(2004)
    /// A step did not write an output it declares.
    public static let outputMissing = ErrorCode(2005)
    /// A step did not report a value it declares.
    public static let valueMissing = ErrorCode(2006)
    /// A Python environment could not be made.
    public static let pythonEnvironmentFailed = ErrorCode(2007)
    /// An expression failed while the run was going on.
    public static let expressionFailed = ErrorCode(2008)
    /// The process that executed the run ended in the middle of an attempt.
    public static let attemptInterrupted = ErrorCode(2009)
    /// A run was cancelled.
    public static let runCancelled = ErrorCode(2010)
    /// No run of that name.
    public static let runNotFound = ErrorCode(2011)
    /// A run that has ended cannot be resumed.
    public static let runEnded = ErrorCode(2012)
    /// Another process executes the run.
    public static let runHeld = ErrorCode(2013)
    /// An input's file is not there.
    public static let inputMissing = ErrorCode(2014)
    /// A Swift step's body threw an error.
    public static let stepThrew = ErrorCode(2015)
    /// Not an error: the reason that a step gave for being skipped.
    public static let stepSkipped = ErrorCode(2016)
    /// A Python requirement that no package index has, or that is not written as one.
    public static let pythonRequirementUnknown = ErrorCode(2017)
    /// The pipeline has a run for that logical date.
    public static let runExists = ErrorCode(2018)
    /// A request to clear that leaves nothing to run again.
    public static let nothingToClear = ErrorCode(2019)
    /// A scheduled step waited for a slot longer than it may.
    public static let queueTimedOut = ErrorCode(2020)
    /// The scheduler of this project runs already.
    public static let schedulerHeld = ErrorCode(2021)
    /// The scheduler knows no such pipeline.
    public static let pipelineUnregistered = ErrorCode(2022)
    /// A request that does not fit what it is about.
    public static let requestRefused = ErrorCode(2023)
    /// A pipeline cannot be forgotten while it is in a file or has unfinished runs.
    public static let pipelineInUse = ErrorCode(2024)
    /// An attempt gave no sign of life for longer than its heartbeat allows.
    public static let heartbeatLost = ErrorCode(2025)
}
