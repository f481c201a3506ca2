import ArgumentParser
import MartletCore
import MartletQuality

/// What can be said to the detector of anomalies.
struct DetectorOptions: ParsableArguments {
    @Option(help: "auto, none, day, week, a duration such as 12h, or a number of rows.")
    var season = "auto"

    @Option(help: "Which deviations count: both, up or down.")
    var direction = "both"

    @Option(help: "The least change worth an alarm: a number, or a percentage of what was expected.")
    var minimumChange: String?

    @Option(help: "The rate of false alarms to accept, for each row and direction.")
    var alpha: Double?

    /// The settings that the options stand for.
    ///
    /// - Throws: ``MartletError`` MT5043 for one that makes no sense.
    func settings() throws(MartletError) -> DetectorSettings {
        var result = DetectorSettings()
        guard let direction = DetectorSettings.Direction(rawValue: direction) else {
            let known = DetectorSettings.Direction.allCases.map(\.rawValue)
            throw Self.wrong("--direction \"\(direction)\" is none", of: known, near: direction)
        }
        result.direction = direction
        result.season = try parsedSeason()
        if let minimumChange { result.minimumChange = try Self.change(minimumChange) }
        if let alpha {
            guard alpha > 0, alpha <= 0.1 else {
                throw MartletError(
                    .detectorSettingInvalid,
                    "--alpha \(alpha) is not a rate between 0 and 0.1",
                    remedy: "use a small rate such as 0.0001; without it \(DetectorSettings().alpha) is taken"
                )
            }
            result.alpha = alpha
        }
        return result
    }

    private func parsedSeason() throws(MartletError) -> DetectorSettings.Season {
        switch season {
        case "auto": return .automatic
        case "none": return .none
        case "hour": return .period(3_600_000_000)
        case "day": return .period(86_400_000_000)
        case "week": return .period(7 * 86_400_000_000)
        default: break
        }
        if let rows = Int(season) {
            guard rows >= 2, rows <= Limits.seasonRows else {
                throw MartletError(
                    .detectorSettingInvalid,
                    "--season \(rows) is no number of rows that can repeat",
                    remedy: "use 2 to \(Limits.seasonRows) rows"
                )
            }
            return .points(rows)
        }
        if let duration = try? Duration(text: season), duration.microseconds > 0 {
            return .period(duration.microseconds)
        }
        throw Self.wrong(
            "--season \"\(season)\" is none",
            of: ["auto", "none", "hour", "day", "week", "a duration such as 12h", "a number of rows"],
            near: season
        )
    }

    private static func change(_ text: String) throws(MartletError) -> DetectorSettings.MinimumChange {
        let isRelative = text.hasSuffix("%")
        guard let number = Double(isRelative ? String(text.dropLast()) : text), number >= 0, number.isFinite else {
            throw MartletError(
                .detectorSettingInvalid,
                "--minimum-change \"\(text)\" is neither a number nor a percentage",
                remedy: "use a number of the series' unit, such as 100, or a percentage, such as 10%"
            )
        }
        return isRelative ? .init(relative: number / 100) : .init(absolute: number)
    }

    private static func wrong(_ message: String, of known: [String], near text: String) -> MartletError {
        MartletError(
            .detectorSettingInvalid,
            message,
            reason: "known are \(known.joined(separator: ", "))",
            remedy: NearestName.of(text, among: known).map { "did you mean \($0)?" } ?? "use one of these"
        )
    }
}
