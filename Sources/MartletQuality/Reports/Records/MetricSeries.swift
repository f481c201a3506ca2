package import MartletCore

/// A number that runs record, over time, with what was expected of it.
package struct MetricSeries: Hashable, Sendable {
    /// What it is called, as in `rows`.
    package var name: String
    /// The dataset or pipeline that it is about; empty when the name says all.
    package var subject: String
    /// In the order of time.
    package var points: [Point]

    /// A number at a time.
    package struct Point: Hashable, Sendable {
        package var time: Timestamp
        package var value: Double?
        package var expected: Double?
        package var lower: Double?
        package var upper: Double?
        package var isAnomaly: Bool
        /// Which run of anomalies it belongs to.
        package var episode: String?

        /// A number, and what was expected.
        package init(
            time: Timestamp,
            value: Double?,
            expected: Double? = nil,
            lower: Double? = nil,
            upper: Double? = nil,
            isAnomaly: Bool = false,
            episode: String? = nil
        ) {
            self.time = time
            self.value = value
            self.expected = expected
            self.lower = lower
            self.upper = upper
            self.isAnomaly = isAnomaly
            self.episode = episode
        }
    }

    /// A series of `points`.
    package init(name: String, subject: String, points: [Point]) {
        self.name = name
        self.subject = subject
        self.points = points
    }

    /// What it is called where its subject is not told.
    var title: String { subject.isEmpty ? name : "\(name) of \(subject)" }
}

extension MetricSeries.Point {
    /// Reads a row that `martlet quality detect --json` printed; nil when it is something else.
    package init?(_ json: JSONValue) {
        guard let time = json["timestamp"].flatMap(Self.time), json["value"] != nil, let anomaly = json["anomaly"]
        else {
            return nil
        }
        self.init(
            time: time,
            value: json["value"]?.doubleValue,
            expected: json["expected"]?.doubleValue,
            lower: json["lower"]?.doubleValue,
            upper: json["upper"]?.doubleValue,
            isAnomaly: anomaly == .bool(true),
            episode: (json["episode"] ?? json["episode_id"]).flatMap { $0 == .null ? nil : $0.displayText }
        )
    }

    /// An instant as text, or since 1970 in the unit that its size tells; the number of a row stands for so many seconds.
    private static func time(_ json: JSONValue) -> Timestamp? {
        if let text = json.stringValue, let time = ReportTime.parse(text) { return time }
        guard let number = json.doubleValue ?? json.stringValue.flatMap(Double.init), abs(number) < 1e19 else {
            return nil
        }
        let magnitude = abs(number)
        let unit = magnitude < 1e11 ? 1.0 : magnitude < 1e14 ? 1e3 : magnitude < 1e17 ? 1e6 : 1e9
        return Timestamp(seconds: number / unit)
    }
}
