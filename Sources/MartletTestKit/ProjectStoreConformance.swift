public import MartletCore

/// What every store of projects does that also is a store of runs.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum ProjectStoreConformance: String, CaseIterable, Sendable {
    case numbersVersions
    case pausesNewPipelinesOnlyOnce
    case pausesWithANote
    case listsPipelinesByName
    case forgetsAPipeline
    case refusesAPipelineWithoutManifest
    case notesWhereDatasetsStood
    case keepsOccasions
    case refusesASecondRunOfADate
    case letsOneOfManyHaveADate
    case findsTheRunOfADate
    case findsTheLastRun
    case listsUnfinishedRuns
    case listsEndedRuns
    case listsRunsByKindAndDate
    case projectsWritingsOfDatasets
    case recordsWritingsFromOutside
    case knowsWhatWasTaken
    case keepsBackfills
    case listsBackfills
    case notesTheRunsOfABackfill
    case refusesUnknownBackfills
    case keepsRequestsOfEveryKind
    case answersOnce
    case numbersRequestsOfManyTasks
    case refusesToAnswerTheUnknown
    case countsChanges

    /// Checks the behaviour of `store`, which is empty.
    public func check(_ store: some RunStore & ProjectStore) async throws {
        let bench = ProjectStoreBench(store: store)
        switch self {
        case .numbersVersions: try await bench.numbersVersions()
        case .pausesNewPipelinesOnlyOnce: try await bench.pausesNewPipelinesOnlyOnce()
        case .pausesWithANote: try await bench.pausesWithANote()
        case .listsPipelinesByName: try await bench.listsPipelinesByName()
        case .forgetsAPipeline: try await bench.forgetsAPipeline()
        case .refusesAPipelineWithoutManifest: try await bench.refusesAPipelineWithoutManifest()
        case .notesWhereDatasetsStood: try await bench.notesWhereDatasetsStood()
        case .keepsOccasions: try await bench.keepsOccasions()
        case .refusesASecondRunOfADate: try await bench.refusesASecondRunOfADate()
        case .letsOneOfManyHaveADate: try await bench.letsOneOfManyHaveADate()
        case .findsTheRunOfADate: try await bench.findsTheRunOfADate()
        case .findsTheLastRun: try await bench.findsTheLastRun()
        case .listsUnfinishedRuns: try await bench.listsUnfinishedRuns()
        case .listsEndedRuns: try await bench.listsEndedRuns()
        case .listsRunsByKindAndDate: try await bench.listsRunsByKindAndDate()
        case .projectsWritingsOfDatasets: try await bench.projectsWritingsOfDatasets()
        case .recordsWritingsFromOutside: try await bench.recordsWritingsFromOutside()
        case .knowsWhatWasTaken: try await bench.knowsWhatWasTaken()
        case .keepsBackfills: try await bench.keepsBackfills()
        case .listsBackfills: try await bench.listsBackfills()
        case .notesTheRunsOfABackfill: try await bench.notesTheRunsOfABackfill()
        case .refusesUnknownBackfills: try await bench.refusesUnknownBackfills()
        case .keepsRequestsOfEveryKind: try await bench.keepsRequestsOfEveryKind()
        case .answersOnce: try await bench.answersOnce()
        case .numbersRequestsOfManyTasks: try await bench.numbersRequestsOfManyTasks()
        case .refusesToAnswerTheUnknown: try await bench.refusesToAnswerTheUnknown()
        case .countsChanges: try await bench.countsChanges()
        }
    }
}
