public import MartletCore

/// Which rows are not as expected, as conditions in SQL: what splits good rows from bad ones.
public enum RowPredicates {
    /// The condition of one check.
    public struct Predicate: Hashable, Sendable {
        /// The check's index.
        public var index: Int
        /// True for rows that are not as expected, false for all others, never null.
        ///
        /// It may hold window functions and subqueries over the relation.
        public var unexpected: String
    }

    /// The conditions of `checks`, each at its check's place: nil for checks that are not about rows one by one, that
    /// cannot be made, or that only Swift can make.
    ///
    /// - Parameters:
    ///   - checks: what is checked.
    ///   - columns: the relation's columns.
    ///   - semantics: whose rules decide where engines disagree.
    ///   - dialect: the SQL of the conditions.
    ///   - relation: what stands for the table after FROM.
    /// - Returns: as many as there are checks.
    public static func predicates(
        checks: [Check],
        columns: [TableColumn],
        semantics: Semantics,
        dialect: SQLDialect,
        relation: String = "data"
    ) -> [Predicate?] {
        let scope = scope(columns, semantics, dialect, relation, [:])
        return checks.map { check in
            guard let test = test(check, scope), let unexpected = scope.predicate(test) else { return nil }
            return Predicate(index: check.index, unexpected: unexpected)
        }
    }

    /// As ``predicates(checks:columns:semantics:dialect:relation:)``, with checks that only Swift can make told as lists
    /// of the values that it finds bad.
    ///
    /// - Throws: `.checkArgumentsInvalid` when there are more bad values than a condition can list, what a test throws,
    ///   and what queries of `session` throw.
    public static func predicates(
        checks: [Check],
        session: any TableSession,
        semantics: Semantics,
        custom: [String: CustomExpectation] = [:]
    ) async throws(MartletError) -> [Predicate?] {
        let scope = scope(session.columns, semantics, session.dialect, session.relation, custom)
        var predicates: [Predicate?] = []
        for check in checks {
            var predicate: Predicate?
            if let test = test(check, scope) {
                let unexpected: String? =
                    if let sql = scope.predicate(test) { sql } else { try await listed(check, test, scope, session) }
                predicate = unexpected.map { Predicate(index: check.index, unexpected: $0) }
            }
            predicates.append(predicate)
        }
        return predicates
    }

    private static func scope(
        _ columns: [TableColumn],
        _ semantics: Semantics,
        _ dialect: SQLDialect,
        _ relation: String,
        _ custom: [String: CustomExpectation]
    ) -> CheckScope {
        CheckScope(
            columns: columns,
            relation: relation,
            dialect: dialect,
            semantics: semantics,
            format: ResultFormat(),
            statistics: nil,
            custom: custom
        )
    }

    /// A check that cannot be made says so in its outcome; no row is to blame for it.
    private static func test(_ check: Check, _ scope: CheckScope) -> RowTest? {
        (try? scope.rowTest(check, .windowed)).flatMap(\.self)
    }

    private static func listed(
        _ check: Check,
        _ test: RowTest,
        _ scope: CheckScope,
        _ session: any TableSession
    ) async throws(MartletError) -> String? {
        guard case .evaluated(let values, _, let evaluate) = test.unexpected else { return nil }
        let need = EvaluationNeed(
            check: check.index,
            values: values,
            places: [],
            source: scope.relation,
            rows: test.taking,
            column: nil,
            limit: Limits.listedBadValues + 1,
            test: evaluate
        )
        let sql =
            "SELECT DISTINCT \(values.joined(separator: ", ")) FROM \(scope.relation)"
            + SQLCondition.clause(test.taking)
        let bad = try await ScanRunner(session: session, scope: scope).unexpectedRows(need, sql)
        guard bad.count <= Limits.listedBadValues else {
            throw MartletError(
                .checkArgumentsInvalid,
                "more than \(Limits.listedBadValues) different values do not pass \(check.type)(\(check.rule.subject))",
                reason: "only so many can be listed to split rows by a test that is not SQL",
                remedy: "clean the column first, or write the test as SQL"
            )
        }
        return scope.listed(bad, values, test)
    }
}
