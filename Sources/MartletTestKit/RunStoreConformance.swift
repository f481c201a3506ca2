public import MartletCore

/// What every store of runs does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum RunStoreConformance: String, CaseIterable, Sendable {
    case readsBackWhatWasAppended
    case keepsLogsApart
    case knowsNothingOfOthers
    case appendsNothing
    case refusesAnAppendBeyondTheEnd
    case refusesAnAppendBeforeTheEnd
    case refusesEventsNotNumberedOn
    case refusesALogWithoutCreation
    case refusesAnUnknownManifest
    case goesOnWithAnotherManifest
    case refusesAnUnknownManifestOfAClear
    case leavesNothingOfARefusedAppend
    case keepsTheFirstManifest
    case projectsLikeAReplay
    case projectsAppendsOfAnySize
    case keepsPlacesOfMappedSteps
    case listsNewestFirst
    case listsWhatFits
    case takesAppendsOfManyTasks
    case letsOneOfManyWin
    case refusesAllOnceClosed

    /// Checks the behaviour of `store`, which is empty.
    public func check(_ store: some RunStore) async throws {
        let bench = RunStoreBench(store: store)
        switch self {
        case .readsBackWhatWasAppended: try await bench.readsBackWhatWasAppended()
        case .keepsLogsApart: try await bench.keepsLogsApart()
        case .knowsNothingOfOthers: try await bench.knowsNothingOfOthers()
        case .appendsNothing: try await bench.appendsNothing()
        case .refusesAnAppendBeyondTheEnd: try await bench.refuses(appendExpecting: 5, ofLogWith: 3)
        case .refusesAnAppendBeforeTheEnd: try await bench.refuses(appendExpecting: 2, ofLogWith: 3)
        case .refusesEventsNotNumberedOn: try await bench.refusesEventsNotNumberedOn()
        case .refusesALogWithoutCreation: try await bench.refusesALogWithoutCreation()
        case .refusesAnUnknownManifest: try await bench.refusesAnUnknownManifest()
        case .goesOnWithAnotherManifest: try await bench.goesOnWithAnotherManifest()
        case .refusesAnUnknownManifestOfAClear: try await bench.refusesAnUnknownManifestOfAClear()
        case .leavesNothingOfARefusedAppend: try await bench.leavesNothingOfARefusedAppend()
        case .keepsTheFirstManifest: try await bench.keepsTheFirstManifest()
        case .projectsLikeAReplay: try await bench.projectsLikeAReplay(seeds: 1...60)
        case .projectsAppendsOfAnySize: try await bench.projectsAppendsOfAnySize()
        case .keepsPlacesOfMappedSteps: try await bench.keepsPlacesOfMappedSteps()
        case .listsNewestFirst: try await bench.listsNewestFirst()
        case .listsWhatFits: try await bench.listsWhatFits()
        case .takesAppendsOfManyTasks: try await bench.takesAppendsOfManyTasks()
        case .letsOneOfManyWin: try await bench.letsOneOfManyWin()
        case .refusesAllOnceClosed: try await bench.refusesAllOnceClosed()
        }
    }
}
