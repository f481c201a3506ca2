package import MartletCore

/// Reads the event log of a Spark application: one pass, in memory that does not grow with the log beyond the limits.
package enum EventLogReader {
    /// What a log says.
    package struct Reading: Sendable, Equatable {
        /// The application.
        package var application: SparkApplication
        /// What was found about the log itself.
        package var notes: EventLogNotes
    }

    /// Reads the log at `path`: a file, or the folder of a rolled log.
    ///
    /// Lines that are corrupt, and what is missing at the end, are told in the notes; they are no errors.
    ///
    /// - Throws: `MT7030` when there is no log, `MT7031` when its codec is not supported, `MT7032` when nothing in it is
    ///   an event of an application.
    package static func read(_ path: String) throws(MartletError) -> Reading {
        let files = try EventLogFiles.find(path)
        var notes = EventLogNotes()
        notes.missingFiles = files.missing
        notes.isInProgress = files.isInProgress
        var builder = ApplicationBuilder()
        var lines = EventLines()
        defer { lines.release() }
        for file in files.paths {
            let name = file.split(separator: "/").last.map(String.init) ?? file
            let input = try EventLogInput.open(file)
            notes.files.append(name)
            lines.read(input) { line, offset in
                switch line {
                case .whole(let bytes): take(bytes, name, offset, &builder, &notes)
                case .last(let bytes):
                    // Complete when the application was closed; otherwise cut off by its end.
                    if builder.take(bytes, &notes) {
                        notes.events += 1
                    } else if notes.truncatedFiles.last != name {
                        notes.truncatedFiles.append(name)
                    }
                case .tooLong: notes.corrupt(name, offset)
                }
            }
            switch input.end {
            case .whole: break
            case .truncated: if notes.truncatedFiles.last != name { notes.truncatedFiles.append(name) }
            case .corrupt(let offset): notes.damagedFiles.append(.init(file: name, offset: offset))
            }
        }
        notes.bytes = lines.bytes
        let application = builder.finished()
        guard notes.events > 0, application.start > 0 || !application.stages.isEmpty || !application.jobs.isEmpty else {
            throw MartletError(
                .sparkLogUnreadable,
                "\(path) holds no events of a Spark application",
                reason: notes.events == 0
                    ? "no line of it is an event" : "it has events, but none of a job or its start",
                remedy: "give a log that Spark wrote with spark.eventLog.enabled"
            )
        }
        notes.dropped = builder.dropped
        return Reading(application: application, notes: notes)
    }

    private static func take(
        _ line: UnsafeRawBufferPointer,
        _ file: String,
        _ offset: Int,
        _ builder: inout ApplicationBuilder,
        _ notes: inout EventLogNotes
    ) {
        if builder.take(line, &notes) { notes.events += 1 } else { notes.corrupt(file, offset) }
    }
}
