import ArgumentParser
import MartletCore

/// `martlet requests`.
struct RequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requests",
        abstract: "List what operators asked of the scheduler: who, when, what, and the answer."
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Most requests listed.", valueName: "count"))
    var limit = 20

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let store = try options.workspace().openStore()
        let requests = try await store.requests(limit: max(1, limit))
        await store.close()
        if json { return Output.result(JSONValue.array(requests.map(Self.json)).jsonText) }
        if requests.isEmpty { return Output.talk("nobody has asked for anything yet") }
        let style = Style.standardOutput
        var table = TextTable([.right, .left, .left, .left, .left])
        for request in requests {
            let outcome = request.error?.message ?? (request.answeredAt == nil ? "waits for a scheduler" : "done")
            table.add([
                TextTable.Cell(text: String(request.id)), TextTable.Cell(text: request.at.description),
                TextTable.Cell(text: request.by), TextTable.Cell(text: SchedulerReport.words(request.request)),
                TextTable.Cell(text: outcome, paint: { request.error == nil ? style.faint($0) : style.bad($0) }),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }

    private static func json(_ request: RecordedRequest) -> JSONValue {
        .object([
            "id": .integer(request.id), "at": .string(request.at.description), "by": .string(request.by),
            "request": .string(SchedulerReport.words(request.request)),
            "answered_at": request.answeredAt.map { .string($0.description) } ?? .null,
            "answer": request.answer ?? .null, "error": request.error.map(ErrorJSON.value) ?? .null,
        ])
    }
}
