import MartletCore

/// The point-in-time join as a query for DuckDB (1.1 or later), with the rules of ``PointInTimeJoin``.
///
/// A row can be used from the later of its event time and its knowledge time on. Sorted by that instant, the best row
/// so far is a running maximum; so one `ASOF` join on the instant finds, for any time, the best of all rows usable by
/// then. The time to live can be checked afterwards: when the newest row is too old, so are all others.
package struct PointInTimeSQL: Hashable, Sendable {
    /// The entity table or a query in parentheses, as SQL.
    package var entities: String
    /// Its column with the time.
    package var entityTime: String
    /// The feature table or a query in parentheses, as SQL.
    package var features: String
    /// The key columns, which have the same names in both.
    package var key: [String]
    /// The feature table's column with the event time.
    package var eventTime: String
    /// Its column with the knowledge time, if it has one.
    package var knownTime: String?
    /// Its column with the position in the source; the order of its rows when there is none.
    package var position: String?
    /// The feature columns that the result has.
    package var columns: [String]
    /// The rules.
    ///
    /// Without a column for the knowledge time, it is not asked for.
    package var join: PointInTimeJoin

    package init(
        entities: String,
        entityTime: String,
        features: String,
        key: [String],
        eventTime: String,
        knownTime: String? = nil,
        position: String? = nil,
        columns: [String],
        join: PointInTimeJoin
    ) {
        self.entities = entities
        self.entityTime = entityTime
        self.features = features
        self.key = key
        self.eventTime = eventTime
        self.knownTime = knownTime
        self.position = position
        self.columns = columns
        self.join = join
    }

    /// The query.
    ///
    /// It gives all columns of the entities, the feature columns, and `feature_time`, the event time of the row that
    /// was taken; one row for each entity row, in their order.
    package var text: String {
        let quotedKey = key.map(Self.quoted)
        let keyList = quotedKey.joined(separator: ", ")
        let known = knownTime.map { "epoch_us(\(Self.quoted($0)))" }
        let usesKnown = join.usesKnowledgeTime && known != nil
        let usable = usesKnown ? "greatest(__event, __known)" : "__event"
        var present = quotedKey.map { "\($0) IS NOT NULL" } + ["\(Self.quoted(eventTime)) IS NOT NULL"]
        if usesKnown, let knownTime { present.append("\(Self.quoted(knownTime)) IS NOT NULL") }
        let sameKey = quotedKey.map { "__e.\($0) = __k.\($0)" }
        let kept = columns.map { "__f.\(Self.quoted($0))" } + ["make_timestamp(__f.__event) AS feature_time"]
        let isFresh =
            join.timeToLive > .zero
            ? " AND __k.__best.event >= __e.__asof - \(join.timeToLive.microseconds)" : ""
        return """
            WITH __features AS (
              SELECT *, row_number() OVER () AS __row, epoch_us(\(Self.quoted(eventTime))) AS __event,
                coalesce(\(known ?? "NULL"), -9223372036854775808)::BIGINT AS __known,
                \(position.map(Self.quoted) ?? "row_number() OVER ()") AS __position
              FROM \(features)
            ), __known_rows AS (
              SELECT DISTINCT \(keyList), \(usable) AS __usable,
                max({'event': __event, 'known': __known, 'position': __position, 'row': __row})
                  OVER (PARTITION BY \(keyList) ORDER BY \(usable)) AS __best
              FROM __features
              WHERE \(present.joined(separator: " AND "))
            ), __entities AS (
              SELECT *, row_number() OVER () AS __row,
                epoch_us(\(Self.quoted(entityTime))) - \(join.lag.microseconds) AS __asof
              FROM \(entities)
            )
            SELECT __e.* EXCLUDE (__row, __asof), \(kept.joined(separator: ", "))
            FROM __entities AS __e
            ASOF LEFT JOIN __known_rows AS __k
              ON \((sameKey + ["__e.__asof >= __k.__usable"]).joined(separator: " AND "))
            LEFT JOIN __features AS __f ON __f.__row = __k.__best.row\(isFresh)
            ORDER BY __e.__row
            """
    }

    private static func quoted(_ name: String) -> String {
        "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
