public import MartletCore

/// Turns checks into as few queries as possible.
public enum QualityCompiler {
    /// The plan for `checks` over a table, without looking at it.
    ///
    /// - Parameters:
    ///   - checks: what is checked.
    ///   - columns: the table's columns.
    ///   - statistics: what is known of it without reading rows.
    ///   - semantics: whose rules decide where engines disagree.
    ///   - dialect: the SQL that its engine speaks.
    ///   - format: how much is told.
    ///   - relation: what stands for the table after FROM.
    ///   - cardinalities: about how many distinct strings columns have, where that is known.
    /// - Returns: the first queries; later ones depend on their answers.
    public static func plan(
        checks: [Check],
        columns: [TableColumn],
        statistics: TableStatistics?,
        semantics: Semantics,
        dialect: SQLDialect,
        format: ResultFormat,
        relation: String = "data",
        cardinalities: [String: Int] = [:]
    ) -> QualityPlan {
        let scope = CheckScope(
            columns: columns,
            relation: relation,
            dialect: dialect,
            semantics: semantics,
            format: format,
            statistics: statistics
        )
        var board = CheckBoard(scope: scope, steps: checks.map(scope.step))
        _ = board.advance()
        let known = Cardinality.known(columns, statistics).merging(cardinalities) { _, given in given }
        let planner = ScanPlanner(
            relation: relation,
            dialect: dialect,
            columns: scope.columnsByName,
            statistics: statistics,
            cardinalities: known
        )
        return QualityPlan(checks: checks, board: board, planner: planner)
    }
}
