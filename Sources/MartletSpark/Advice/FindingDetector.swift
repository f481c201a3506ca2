/// Looks for one kind of finding in a run; a pure function of the run.
package protocol FindingDetector: Sendable {
    /// The findings, none in a run without the fault.
    func findings(in run: RunProfile) -> [Finding]
}

extension FindingDetector {
    /// A setting of the run, or Spark's default in brackets of its own.
    func setting(_ key: String, in run: RunProfile, default value: String) -> String { run.app.property(key) ?? value }

    /// Whether a setting is on.
    func isOn(_ key: String, in run: RunProfile, default value: Bool) -> Bool {
        run.app.property(key).map { $0.lowercased() == "true" } ?? value
    }

    /// The partitions of a shuffle that the run asked for.
    func shufflePartitions(in run: RunProfile) -> Int {
        run.app.property("spark.sql.shuffle.partitions").flatMap { Int($0) } ?? 200
    }

    /// What a setting of memory is changed to: more by this factor, in whole 256 MB.
    func grown(_ bytes: Int, by factor: Double) -> String {
        let step = 256 << 20
        let wanted = Int(Double(min(bytes, 1 << 50)) * factor)
        return AdviceText.setting(bytes: (wanted + step - 1) / step * step)
    }
}
