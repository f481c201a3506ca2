public import MartletCore
import Testing

/// What every store of incidents does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum IncidentStoreConformance: String, CaseIterable, Sendable {
    case beginsEmpty
    case readsBackAWholeChange
    case refusesAChangeOfAnOldBook
    case keepsNothingOfARefusedChange
    case hasWhatIsOpenAndWhatIsAskedFor
    case hasWhatReceiversWaitToHearOf
    case closesGroups
    case leavesOutSilencesThatHaveEnded
    case listsTheLatestFailureFirst
    case keepsBothEndsOfALongTimeline
    case keepsADeliveryOnce
    case keepsTheOrderOfDeliveries
    case settlesADeliveryOnce
    case keepsTextOfAnyKind

    /// Checks the behaviour of `store`, which is empty.
    public func check(_ store: some IncidentStore) async throws {
        let bench = IncidentStoreBench(store: store)
        switch self {
        case .beginsEmpty: try await bench.beginsEmpty()
        case .readsBackAWholeChange: try await bench.readsBackAWholeChange()
        case .refusesAChangeOfAnOldBook: try await bench.refusesAChangeOfAnOldBook()
        case .keepsNothingOfARefusedChange: try await bench.keepsNothingOfARefusedChange()
        case .hasWhatIsOpenAndWhatIsAskedFor: try await bench.hasWhatIsOpenAndWhatIsAskedFor()
        case .hasWhatReceiversWaitToHearOf: try await bench.hasWhatReceiversWaitToHearOf()
        case .closesGroups: try await bench.closesGroups()
        case .leavesOutSilencesThatHaveEnded: try await bench.leavesOutSilencesThatHaveEnded()
        case .listsTheLatestFailureFirst: try await bench.listsTheLatestFailureFirst()
        case .keepsBothEndsOfALongTimeline: try await bench.keepsBothEndsOfALongTimeline()
        case .keepsADeliveryOnce: try await bench.keepsADeliveryOnce()
        case .keepsTheOrderOfDeliveries: try await bench.keepsTheOrderOfDeliveries()
        case .settlesADeliveryOnce: try await bench.settlesADeliveryOnce()
        case .keepsTextOfAnyKind: try await bench.keepsTextOfAnyKind()
        }
    }
}
