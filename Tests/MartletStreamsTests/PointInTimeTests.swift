import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Point-in-time joins", .tags(.machine))
struct PointInTimeTests {
    private typealias Row = PointInTimeJoin.Row

    private func row(_ key: StreamValue, _ event: Int64?, _ known: Int64?, _ position: Int64 = 0) -> Row {
        Row(key: [key], eventTime: event, knownTime: known, position: position)
    }

    private func pick(_ rows: [Row], at time: Int64?, ttl: Int64 = 0, lag: Int64 = 0, known: Bool = true) -> Int? {
        let join = PointInTimeJoin(
            timeToLive: EventSpan(microseconds: ttl),
            lag: EventSpan(microseconds: lag),
            usesKnowledgeTime: known
        )
        return join.join([PointInTimeJoin.Entity(key: [.text("a")], time: time)], with: rows)[0]
    }

    @Test func boundsAreInclusive() {
        let rows = [row(.text("a"), 100, 100)]
        #expect(pick(rows, at: 99) == nil && pick(rows, at: 100) == 0)
        #expect(
            pick(rows, at: 110, ttl: 10) == 0 && pick(rows, at: 111, ttl: 10) == nil && pick(rows, at: 1 << 40) == 0
        )
        #expect(pick(rows, at: 105, lag: 5) == 0 && pick(rows, at: 104, lag: 5) == nil)
        // The time to live counts from the time less the lag.
        #expect(pick(rows, at: 115, ttl: 10, lag: 5) == 0 && pick(rows, at: 116, ttl: 10, lag: 5) == nil)
    }

    @Test func correctionsDoNotLeakIntoThePast() {
        let rows = [row(.text("a"), 100, 100, 0), row(.text("a"), 100, 500, 1), row(.text("a"), 200, 900, 2)]
        #expect(pick(rows, at: 499) == 0 && pick(rows, at: 500) == 1 && pick(rows, at: 899) == 1)
        #expect(pick(rows, at: 900) == 2)
        #expect(pick(rows, at: 250, known: false) == 2)
        #expect(pick([row(.text("a"), 100, nil)], at: 200) == nil)
        #expect(pick([row(.text("a"), 100, nil)], at: 200, known: false) == 0)
    }

    @Test func ties() {
        let rows = [
            row(.text("a"), 100, 50, 3), row(.text("a"), 100, 60, 1), row(.text("a"), 100, 60, 2),
            row(.text("a"), 99, 99, 9),
        ]
        #expect(pick(rows, at: 100) == 2)
    }

    @Test func nullsMatchNothingAndDuplicatesStay() {
        let rows = [row(.null, 1, 1), row(.text("a"), nil, 1), row(.text("a"), 1, 1), row(.double(-0.0), 1, 1)]
        let entities = [
            PointInTimeJoin.Entity(key: [.null], time: 5), PointInTimeJoin.Entity(key: [.text("a")], time: nil),
            PointInTimeJoin.Entity(key: [.text("a")], time: 5), PointInTimeJoin.Entity(key: [.text("a")], time: 5),
            PointInTimeJoin.Entity(key: [.double(0)], time: 5), PointInTimeJoin.Entity(key: [.text("b")], time: 5),
        ]
        #expect(PointInTimeJoin().join(entities, with: rows) == [nil, nil, 2, 2, 3, nil])
    }

    /// The rules of the doc comment, each row tried.
    @Test func againstAllRowsTried() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            func time() -> Int64? {
                Int.random(in: 0..<12, using: &random) == 0 ? nil : Int64.random(in: -20..<20, using: &random)
            }
            func key() -> [StreamValue] { [[.text("a"), .text("b"), .null].randomElement(using: &random) ?? .null] }
            let rows = (0..<30).map { Row(key: key(), eventTime: time(), knownTime: time(), position: Int64($0)) }
            let entities = (0..<30).map { _ in PointInTimeJoin.Entity(key: key(), time: time()) }
            let ttl = [Int64]([0, 3, 15]).randomElement(using: &random) ?? 0
            let lag = [Int64]([0, 2]).randomElement(using: &random) ?? 0
            let usesKnown = Bool.random(using: &random)
            let expected = entities.map { entity -> Int? in
                guard let at = entity.time.map({ $0 - lag }), entity.key != [.null] else { return nil }
                let fitting = rows.indices.filter { index in
                    guard let event = rows[index].eventTime, rows[index].key == entity.key else { return false }
                    let isKnown = !usesKnown || rows[index].knownTime.map { $0 <= at } ?? false
                    return event <= at && (ttl == 0 || event >= at - ttl) && isKnown
                }
                return fitting.max {
                    let (left, right) = (rows[$0], rows[$1])
                    return (left.eventTime ?? 0, left.knownTime ?? .min, left.position)
                        < (right.eventTime ?? 0, right.knownTime ?? .min, right.position)
                }
            }
            let join = PointInTimeJoin(
                timeToLive: EventSpan(microseconds: ttl),
                lag: EventSpan(microseconds: lag),
                usesKnowledgeTime: usesKnown
            )
            #expect(join.join(entities, with: rows) == expected, "seed \(seed)")
        }
    }

    /// The text was run by DuckDB 1.4 and 2.0 on random tables and compared with the rules row by row.
    @Test func queryForDuckDB() {
        let query = PointInTimeSQL(
            entities: "trips",
            entityTime: "asked at",
            features: "(SELECT * FROM delays)",
            key: ["carrier", "airport"],
            eventTime: "event_time",
            knownTime: "created",
            position: "place",
            columns: ["mean", "odd \" name"],
            join: PointInTimeJoin(timeToLive: .seconds(60), lag: .seconds(2))
        )
        #expect(
            query.text == """
                WITH __features AS (
                  SELECT *, row_number() OVER () AS __row, epoch_us("event_time") AS __event,
                    coalesce(epoch_us("created"), -9223372036854775808)::BIGINT AS __known,
                    "place" AS __position
                  FROM (SELECT * FROM delays)
                ), __known_rows AS (
                  SELECT DISTINCT "carrier", "airport", greatest(__event, __known) AS __usable,
                    max({'event': __event, 'known': __known, 'position': __position, 'row': __row})
                      OVER (PARTITION BY "carrier", "airport" ORDER BY greatest(__event, __known)) AS __best
                  FROM __features
                  WHERE "carrier" IS NOT NULL AND "airport" IS NOT NULL AND "event_time" IS NOT NULL AND "created" IS NOT NULL
                ), __entities AS (
                  SELECT *, row_number() OVER () AS __row,
                    epoch_us("asked at") - 2000000 AS __asof
                  FROM trips
                )
                SELECT __e.* EXCLUDE (__row, __asof), __f."mean", __f."odd "" name", make_timestamp(__f.__event) AS feature_time
                FROM __entities AS __e
                ASOF LEFT JOIN __known_rows AS __k
                  ON __e."carrier" = __k."carrier" AND __e."airport" = __k."airport" AND __e.__asof >= __k.__usable
                LEFT JOIN __features AS __f ON __f.__row = __k.__best.row AND __k.__best.event >= __e.__asof - 60000000
                ORDER BY __e.__row
                """
        )
    }

    @Test func withoutKnowledgeTimeTheEventTimeDecides() {
        let query = PointInTimeSQL(
            entities: "e",
            entityTime: "t",
            features: "f",
            key: ["k"],
            eventTime: "t",
            columns: ["v"],
            join: PointInTimeJoin()
        )
        #expect(query.text.contains("coalesce(NULL, -9223372036854775808)::BIGINT AS __known"))
        #expect(query.text.contains("row_number() OVER () AS __position"))
        #expect(query.text.contains("ORDER BY __event) AS __best") && !query.text.contains("greatest"))
        #expect(!query.text.contains("__k.__best.event >="))
    }
}
