internal import SwiftProtobuf

/// A question about a plan.
enum AnalyzeRequest: Sendable {
    /// The server's version.
    case sparkVersion
    /// The columns of a relation.
    case schema(SparkRelation)
    /// How a relation is computed.
    case explain(SparkRelation, SparkExplainMode)
    /// The columns of a relation as a tree, down to a level.
    case treeString(SparkRelation, level: Int32?)
    /// The files that a relation reads.
    case inputFiles(SparkRelation)
    /// Whether a relation goes on without an end.
    case isStreaming(SparkRelation)
    /// The columns that a DDL text says.
    case ddlParse(String)
    /// Keep a relation's rows.
    case persist(SparkRelation, SparkStorageLevel?)
    /// Keep a relation's rows no more.
    case unpersist(SparkRelation, blocking: Bool)

    /// The message.
    func proto(_ session: SparkSession) -> ProtoAnalyzePlanRequest {
        .with {
            $0.sessionID = session.id
            if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
            $0.userContext = session.userContext
            $0.clientType = session.clientType
            $0.analyze = question
        }
    }

    private var question: ProtoAnalyzePlanRequest.OneOf_Analyze {
        func plan(_ relation: SparkRelation) -> ProtoPlan { .with { $0.root = relation.proto } }
        switch self {
        case .sparkVersion: return .sparkVersion(.init())
        case .schema(let relation): return .schema(.with { $0.plan = plan(relation) })
        case .explain(let relation, let mode):
            return .explain(
                .with {
                    $0.plan = plan(relation)
                    $0.explainMode = mode.proto
                }
            )
        case .treeString(let relation, let level):
            return .treeString(
                .with {
                    $0.plan = plan(relation)
                    if let level { $0.level = level }
                }
            )
        case .inputFiles(let relation): return .inputFiles(.with { $0.plan = plan(relation) })
        case .isStreaming(let relation): return .isStreaming(.with { $0.plan = plan(relation) })
        case .ddlParse(let text): return .ddlParse(.with { $0.ddlString = text })
        case .persist(let relation, let level):
            return .persist(
                .with {
                    $0.relation = relation.proto
                    if let level { $0.storageLevel = level.proto }
                }
            )
        case .unpersist(let relation, let blocking):
            return .unpersist(
                .with {
                    $0.relation = relation.proto
                    $0.blocking = blocking
                }
            )
        }
    }
}

/// How much of a plan is explained.
package enum SparkExplainMode: String, CaseIterable, Hashable, Sendable {
    /// The physical plan.
    case simple
    /// The plans before it too.
    case extended
    /// The generated code.
    case codegen
    /// The optimised plan with its statistics.
    case cost
    /// An outline, then the details of each node.
    case formatted

    /// The message's value.
    var proto: ProtoAnalyzePlanRequest.Explain.ExplainMode {
        switch self {
        case .simple: .simple
        case .extended: .extended
        case .codegen: .codegen
        case .cost: .cost
        case .formatted: .formatted
        }
    }
}

/// Where the rows of a relation are kept.
package struct SparkStorageLevel: Hashable, Sendable {
    /// On disk.
    package var usesDisk: Bool
    /// In memory.
    package var usesMemory: Bool
    /// Outside the heap.
    package var usesOffHeap: Bool
    /// As objects instead of bytes.
    package var isDeserialized: Bool
    /// On how many executors.
    package var replication: Int32

    /// A level.
    package init(
        usesDisk: Bool,
        usesMemory: Bool,
        usesOffHeap: Bool = false,
        isDeserialized: Bool = false,
        replication: Int32 = 1
    ) {
        self.usesDisk = usesDisk
        self.usesMemory = usesMemory
        self.usesOffHeap = usesOffHeap
        self.isDeserialized = isDeserialized
        self.replication = replication
    }

    /// In memory as objects, and on disk what does not fit.
    package static let memoryAndDisk = SparkStorageLevel(usesDisk: true, usesMemory: true, isDeserialized: true)
    /// On disk only.
    package static let diskOnly = SparkStorageLevel(usesDisk: true, usesMemory: false)

    /// The message.
    var proto: ProtoStorageLevel {
        .with {
            $0.useDisk = usesDisk
            $0.useMemory = usesMemory
            $0.useOffHeap = usesOffHeap
            $0.deserialized = isDeserialized
            $0.replication = replication
        }
    }
}
