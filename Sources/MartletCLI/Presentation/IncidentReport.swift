import MartletCore

/// Incidents as machines see them.
enum IncidentReport {
    /// The incident, with how long things took in seconds.
    static func json(_ incident: Incident) -> JSONValue {
        guard case .object(var fields) = plain(incident) else { return .null }
        func seconds(_ duration: Duration?) -> JSONValue { duration.map { .number($0.seconds) } ?? .null }
        fields["pipeline"] = .string(incident.pipeline.rawValue)
        fields["dataset"] = .string(incident.dataset.rawValue)
        fields["check"] = .string(incident.check)
        fields["time_to_detect_seconds"] = seconds(incident.timeToDetect)
        fields["time_to_acknowledge_seconds"] = seconds(incident.timeToAcknowledge)
        fields["time_to_resolve_seconds"] = seconds(incident.timeToResolve)
        return .object(fields)
    }

    static func json(_ event: IncidentEvent) -> JSONValue { plain(event) }

    static func json(_ silence: Silence) -> JSONValue { plain(silence) }

    static func json(_ delivery: Delivery) -> JSONValue { plain(delivery) }

    private static func plain(_ value: some Encodable) -> JSONValue {
        (try? JSONText.decode(JSONValue.self, from: JSONText.data(value))) ?? .null
    }
}
