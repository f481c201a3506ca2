import ArgumentParser
import MartletCore
import MartletQuality

/// `martlet quality detect`.
struct QualityDetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find anomalies in a series of numbers.",
        discussion: """
            Reads a CSV file row by row; each row is judged by the rows above it only. What
            is usual is learned from the series: its level, trend and seasons, how far it
            strays, and how often. Until enough is known, rows are not judged.

              martlet quality detect cpu.csv --time timestamp --value value
              martlet quality detect cpu.csv --time timestamp --value value --json
              tail -f log.csv | martlet quality detect - --value bytes --json
              martlet quality detect rows.csv --time day --value rows --direction down \\
                --minimum-change 10% --exit-code

            With --json one object for each row: timestamp, value, expected, lower, upper,
            score from 0 to 1 (0.5 and more is anomalous), anomaly, and episode, the number
            of the alarm that the row belongs to.
            """
    )

    @Argument(help: "A CSV file whose first line names the columns; - reads standard input.")
    var file: String

    @Option(help: "The column with the times; without it the rows are just one after the other.")
    var time: String?

    @Option(help: "The column with the values.")
    var value: String

    @OptionGroup var settings: DetectorOptions

    @Option(help: "What stands between fields: one character, or tab; found out by itself.")
    var delimiter: String?

    @Flag(help: "Print one JSON object for each row.")
    var json = false

    @Flag(help: "With --json: say by what rule, on how much history and with which season each row was judged.")
    var explain = false

    @Flag(help: "End with exit code 1 when something is anomalous.")
    var exitCode = false

    func run() throws {
        let settings = try settings.settings()
        var configuration = SeriesStream.Configuration(
            name: file == "-" ? "standard input" : file,
            time: time,
            value: value
        )
        configuration.delimiter = try delimiter.map(Self.delimiter)
        configuration.writesRows = json
        configuration.explains = explain
        var stream = SeriesStream(configuration, settings: settings)
        try SeriesFile(file).read(into: &stream)
        let summary = stream.summary
        if !json {
            let text = SeriesText(summary: summary, name: configuration.name, style: .standardOutput)
            Output.result(text.lines.joined(separator: "\n"))
        }
        for warning in SeriesText.warnings(summary) { Output.talk(warning) }
        if exitCode, summary.anomalies > 0 { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    private static func delimiter(_ text: String) throws(MartletError) -> UInt8 {
        if ["tab", "\\t"].contains(text.lowercased()) { return UInt8(ascii: "\t") }
        if text.utf8.count == 1, let byte = text.utf8.first, byte > 0x1F || byte == 9, !"\"'".utf8.contains(byte) {
            return byte
        }
        throw MartletError(
            .detectorSettingInvalid,
            "--delimiter \"\(text)\" is not one character",
            remedy: "use one character such as , or ; or the word tab"
        )
    }
}
