extension Limits {
    /// Most failed expectations that the log of a run keeps of one verdict.
    public static let verdictFailures = 20
}
