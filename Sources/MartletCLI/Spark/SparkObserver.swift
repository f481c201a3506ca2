import MartletCore
import MartletSpark

/// Hears how work on Spark goes.
protocol SparkObserver: Sendable {
    /// How many tasks are done, of those that are known; `stage` is for people.
    func progresses(_ done: Int, of total: Int, stage: String)
    /// The application has an id.
    func isApplication(_ id: String)
    /// The application shows its pages at this URL.
    func showsPages(_ url: String)
    /// A driver on this machine printed a line.
    func prints(_ line: String, isError: Bool)
    /// An output was written.
    func wrote(_ output: String, rows: Int)
}
