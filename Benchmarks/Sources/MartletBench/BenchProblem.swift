/// What stands in the way of measuring, and what to do about it.
struct BenchProblem: Error {
    let what: String
    let remedy: String

    init(_ what: String, remedy: String) {
        self.what = what
        self.remedy = remedy
    }
}
