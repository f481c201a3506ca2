import Foundation
import MartletCore

/// Opens one table; everything here blocks.
struct TableOpening {
    let source: TableSource
    let settings: SQLTransform.Settings
    let calls: BlockingCalls
    let monitor: QueryMonitor
    /// Where goes what does not fit into memory, when nothing says where: not into the folder this process works in.
    let ownTemporaryFolder: String?

    init(source: TableSource, settings: SQLTransform.Settings, calls: BlockingCalls, monitor: QueryMonitor) {
        self.source = source
        self.settings = settings
        self.calls = calls
        self.monitor = monitor
        let isTold = settings.temporaryDirectory != nil
        ownTemporaryFolder = isTold ? nil : NSTemporaryDirectory() + "/martlet-table-\(UUID().uuidString)"
    }

    /// What stands after FROM for the rows of a query.
    private static let queryRelation = "main.\"query\""

    /// Opens it on the library that `load` finds.
    func open(
        _ load: () throws(MartletError) -> DuckDBLibrary
    ) throws(MartletError) -> DuckDBTableSession {
        // What is wrong with the files is told even where there is no engine.
        var found = [(name: String, files: TableFiles)]()
        for input in inputs { found.append((input.name, try TableFiles(of: input))) }
        let statement = try queryStatement()

        let database = try TableDatabase(try load(), settings: lean)
        return try calls.watching(monitor, database.signals) { () throws(MartletError) in
            for (name, files) in found { try database.add(name, files, monitor) }
            let relation: String
            if let statement {
                relation = Self.queryRelation
                try database.define(relation, as: statement)
            } else {
                relation = TableDatabase.relation(found.first?.name ?? "")
            }
            return DuckDBTableSession(
                database: database,
                columns: try database.columns(of: relation, monitor),
                relation: relation,
                statistics: statement == nil ? database.inputs.first?.statistics : nil,
                calls: calls
            )
        }
    }

    private var inputs: [TableInput] {
        switch source {
        case .files(let input): [input]
        case .query(_, let inputs): inputs
        }
    }

    private func queryStatement() throws(MartletError) -> SQLScript.Statement? {
        guard case .query(let sql, _) = source else { return nil }
        let statements = SQLScript(sql).statements
        guard let statement = statements.first, statements.count == 1, !sql.utf8.contains(0) else {
            throw TableFailure.refused(sql, count: statements.count)
        }
        return statement
    }

    private var lean: SQLTransform.Settings {
        var settings = settings
        settings.temporaryDirectory = settings.temporaryDirectory ?? ownTemporaryFolder
        return settings
    }
}
