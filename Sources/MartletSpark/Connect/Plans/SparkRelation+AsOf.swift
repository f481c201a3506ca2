internal import SwiftProtobuf

/// How the rows of two tables find each other in a join as of a time.
package struct SparkAsOfJoin: Hashable, Sendable {
    /// Which rows of the right side may match a row of the left side.
    package enum Direction: String, Hashable, Sendable {
        /// The last one that is not after it.
        case backward
        /// The first one that is not before it.
        case forward
        /// The one nearest to it.
        case nearest
    }

    /// The time of a row of the left side, a SQL expression.
    package var leftAsOf: String
    /// The time of a row of the right side, a SQL expression.
    package var rightAsOf: String
    /// Columns that must be equal on both sides.
    package var columns: [String]
    /// Which rows match.
    package var direction: Direction
    /// Whether rows without a match stay, with nulls.
    package var keepsUnmatched: Bool
    /// Longest distance of a match, a SQL expression as in `INTERVAL 1 HOUR`.
    package var tolerance: String?
    /// Whether an equal time is a match.
    package var allowsExactMatches: Bool

    /// A join backward in time that keeps rows without a match.
    package init(
        leftAsOf: String,
        rightAsOf: String,
        columns: [String],
        direction: Direction = .backward,
        keepsUnmatched: Bool = true,
        tolerance: String? = nil,
        allowsExactMatches: Bool = true
    ) {
        self.leftAsOf = leftAsOf
        self.rightAsOf = rightAsOf
        self.columns = columns
        self.direction = direction
        self.keepsUnmatched = keepsUnmatched
        self.tolerance = tolerance
        self.allowsExactMatches = allowsExactMatches
    }
}

extension SparkRelation {
    /// Each row of this table with the row of another that was current at its time.
    package func joinAsOf(_ right: SparkRelation, _ join: SparkAsOfJoin) -> SparkRelation {
        let planID = max(proto.common.planID, right.proto.common.planID) &+ 1
        return SparkRelation(
            .asOfJoin(
                .with {
                    $0.left = proto
                    $0.right = right.proto
                    $0.leftAsOf = SparkRelation.expression(join.leftAsOf)
                    $0.rightAsOf = SparkRelation.expression(join.rightAsOf)
                    $0.usingColumns = join.columns
                    $0.joinType = join.keepsUnmatched ? "left" : "inner"
                    if let tolerance = join.tolerance { $0.tolerance = SparkRelation.expression(tolerance) }
                    $0.allowExactMatches = join.allowsExactMatches
                    $0.direction = join.direction.rawValue
                }
            ),
            planID: planID
        )
    }
}
