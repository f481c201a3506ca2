import MartletCore

/// Makes the records of a transaction: answers, and events without one.
struct TriggerRecords: Sendable {
    /// Where they go.
    let options: EventTriggerOptions

    /// The records for what became of events, in their order, and how many of them are dead letters.
    func records(_ events: [(input: ScoredInput, outcome: EventOutcome)]) -> (records: OutgoingRecords, dead: Int) {
        var records = OutgoingRecords()
        var dead = 0
        for event in events {
            switch event.outcome {
            case .answer(let bytes): append(bytes, to: event.input, &records)
            case .dead(let failure, let attempts):
                dead += 1
                append(failure, attempts, to: event.input, &records)
            }
        }
        return (records, dead)
    }

    private func append(_ answer: [UInt8], to event: ScoredInput, _ records: inout OutgoingRecords) {
        let place = event.partition
        var headers = [
            RecordHeader("martlet.model", text: options.model),
            RecordHeader("martlet.input", text: "\(place.topic)/\(place.partition)/\(event.offset)"),
            RecordHeader(
                "martlet.idempotency",
                text: "\(place.topic)-\(place.partition)-\(event.offset)-\(options.model)"
            ),
        ]
        // W3C Trace Context: who follows the event finds its answer too.
        for name in ["traceparent", "tracestate"] {
            if let header = event.headers.last(where: { $0.name == name }) { headers.append(header) }
        }
        records.append(
            to: options.output,
            partition: options.keepsPartition ? place.partition : nil,
            key: event.key,
            value: answer,
            timestamp: event.timestamp > 0 ? event.timestamp : nil,
            headers: headers
        )
    }

    private func append(
        _ failure: MartletError,
        _ attempts: Int,
        to event: ScoredInput,
        _ records: inout OutgoingRecords
    ) {
        let letter = DeadLetter(
            errorClass: "\(failure.code)",
            message: failure.message + (failure.reason.map { ": \($0)" } ?? ""),
            details: failure.cause ?? "",
            partition: event.partition,
            offset: event.offset,
            timestamp: event.timestamp,
            attempts: attempts,
            run: options.run
        )
        records.append(
            to: options.deadLetters,
            key: event.key,
            value: event.value,
            timestamp: event.timestamp > 0 ? event.timestamp : nil,
            headers: event.headers + letter.headers
        )
    }
}
