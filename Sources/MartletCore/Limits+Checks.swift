/// Limits of the queries that checks become.
extension Limits {
    /// Most aggregates of one scan; more are split over several, so that queries stay quick to plan.
    public static let aggregatesPerScan = 1_000
    /// Most bytes of expressions in one scan.
    public static let scanTextBytes = 1 << 20
    /// Most distinct strings of a column for which patterns are tested once per distinct string.
    public static let dictionaryValues = 100_000
    /// Rows from the start of the table that tell whether a text column has few distinct strings.
    public static let dictionarySampleRows = 10_240
    /// Widest range of whole numbers whose uniqueness is told by a bit for each: 32 MiB of bits.
    public static let bitmapSpan = 1 << 28
    /// Most rows of files over which sums of floats keep track of their rounding errors.
    public static let exactSumRows = 1_000_000
    /// Most modes that an outcome tells.
    public static let modes = 10_000
    /// Most distinct values of a column whose distribution is compared.
    public static let partitionValues = 100_000
    /// Most places of unexpected rows that an outcome tells where Great Expectations tells all.
    public static let unexpectedPlaces = 100_000
    /// Most rows that an outcome holds whole, as in Great Expectations.
    public static let unexpectedWholeRows = 20
    /// Most rows that a failing query's outcome holds, as in Great Expectations.
    public static let queryRows = 200
    /// Most distinct values that a condition lists when a test that SQL has no words for decides them.
    public static let listedBadValues = 10_000
    /// Longest text of a query that an explained plan shows.
    public static let planQueryCharacters = 20_000
}
