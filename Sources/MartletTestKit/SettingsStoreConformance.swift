public import MartletCore
import Testing

/// What every store of settings does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum SettingsStoreConformance: String, CaseIterable, Sendable {
    case readsBackWhatWasSet
    case replacesWhatHasTheName
    case listsByName
    case knowsNothingOfOthers
    case keepsTextOfAnyKind
    case deletesOnlyWhatIsNamed
    case alwaysHasTheDefaultPool
    case refusesToDeleteTheDefaultPool
    case makesAllChangesOrNone
    case resealsWhatIsStillTheSame
    case takesChangesOfManyTasks
    case takesManyChangesAtOnce
    case refusesAllOnceClosed

    /// Checks the behaviour of `store`, which is empty.
    public func check(_ store: some SettingsStore) async throws {
        let bench = SettingsStoreBench(store: store)
        switch self {
        case .readsBackWhatWasSet: try await bench.readsBackWhatWasSet()
        case .replacesWhatHasTheName: try await bench.replacesWhatHasTheName()
        case .listsByName: try await bench.listsByName()
        case .knowsNothingOfOthers: try await bench.knowsNothingOfOthers()
        case .keepsTextOfAnyKind: try await bench.keepsTextOfAnyKind()
        case .deletesOnlyWhatIsNamed: try await bench.deletesOnlyWhatIsNamed()
        case .alwaysHasTheDefaultPool: try await bench.alwaysHasTheDefaultPool()
        case .refusesToDeleteTheDefaultPool: try await bench.refusesToDeleteTheDefaultPool()
        case .makesAllChangesOrNone: try await bench.makesAllChangesOrNone()
        case .resealsWhatIsStillTheSame: try await bench.resealsWhatIsStillTheSame()
        case .takesChangesOfManyTasks: try await bench.takesChangesOfManyTasks()
        case .takesManyChangesAtOnce: try await bench.takesManyChangesAtOnce()
        case .refusesAllOnceClosed: try await bench.refusesAllOnceClosed()
        }
    }
}
