package import MartletCore

/// Features of entities, computed by one definition over a stream and over stored data alike.
package struct FeatureView: Hashable, Codable, Sendable {
    /// The name.
    package var name: String
    /// The version; a change of the definition makes a new one.
    package var version: Int
    /// What the features are: its key columns are the entity, its aggregates the features.
    package var definition: StreamDefinition
    /// How old a value may be when it is read; nothing or zero for any age.
    package var timeToLive: EventSpan?
    /// How far before the time of a training row the join looks.
    package var lag: EventSpan?

    package init(
        name: String,
        version: Int = 1,
        definition: StreamDefinition,
        timeToLive: EventSpan? = nil,
        lag: EventSpan? = nil
    ) {
        self.name = name
        self.version = version
        self.definition = definition
        self.timeToLive = timeToLive
        self.lag = lag
    }

    /// The checked definition.
    ///
    /// - Throws: ``MartletError`` MT6050 when it cannot give features, or what ``StreamPlan`` throws.
    package func plan() throws(MartletError) -> StreamPlan {
        let fault: (String, String)? =
            if name.isEmpty {
                ("it has no name", "give it one")
            } else if version < 1 {
                ("its version is \(version)", "count versions from 1")
            } else if definition.key.isEmpty {
                ("its definition has no key, so its features are of no entity", "add key: [...]")
            } else if definition.window == nil {
                ("its definition has no window", "add a window and aggregates")
            } else if definition.retracts == true
                || definition.window?.kind == .session && definition.emit != nil
                    && definition.emit != .final
            {
                ("its definition takes results back, which features cannot", "emit final results only")
            } else {
                nil
            }
        if let (what, remedy) = fault {
            throw MartletError(.featureViewInvalid, "feature view \(name): \(what)", remedy: remedy)
        }
        return try StreamPlan(definition)
    }

    /// The join of training rows with its values.
    package var join: PointInTimeJoin {
        PointInTimeJoin(timeToLive: timeToLive ?? .zero, lag: lag ?? .zero)
    }

    /// A value of all features of one entity.
    package struct Value: Hashable, Sendable {
        /// The entity.
        package var key: [StreamValue]
        /// When it became true: the end of its window.
        package var eventTime: Int64
        /// When a live stream can know it first: after the window's end, its allowed lateness and the expected
        /// disorder.
        ///
        /// The same in a backfill, so that training sees nothing that serving could not have.
        package var knownTime: Int64
        /// The features, in the order of the aggregates.
        package var features: [StreamValue]

        package init(key: [StreamValue], eventTime: Int64, knownTime: Int64, features: [StreamValue]) {
            self.key = key
            self.eventTime = eventTime
            self.knownTime = knownTime
            self.features = features
        }
    }

    /// The value that a result of the definition is.
    package func value(of pane: Pane) -> Value {
        let waits = (definition.emit ?? .final) == .final ? definition.allowedLateness?.microseconds ?? 0 : 0
        let known = EventTime.adding(EventTime.adding(pane.window.end, waits), definition.source.disorder.microseconds)
        return Value(key: pane.key, eventTime: pane.window.end, knownTime: known, features: pane.values)
    }
}
