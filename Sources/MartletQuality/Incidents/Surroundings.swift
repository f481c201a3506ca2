import MartletCore

/// What is around datasets, found once for each.
struct Surroundings {
    /// What is around one dataset.
    struct Near {
        /// Datasets upstream that fail, the nearest first.
        var failingUpstream: [DatasetID]
        /// Datasets downstream, the nearest first; as many as notices name.
        var downstream: [DatasetID]
        /// Who answers for the dataset and those downstream; as many as notices name.
        var owners: [String]
    }

    private let map: DatasetMap
    private let failing: Set<DatasetID>
    private var known: [DatasetID: Near] = [:]

    init(_ map: DatasetMap, failing: Set<DatasetID>) {
        self.map = map
        self.failing = failing
    }

    mutating func of(_ dataset: DatasetID) -> Near {
        if let near = known[dataset] { return near }
        let downstream = map.downstream(of: dataset)
        let near = Near(
            failingUpstream: map.upstream(of: dataset).filter(failing.contains),
            downstream: Array(downstream.prefix(Limits.noticeDatasets)),
            owners: Array(map.owners(of: [dataset] + downstream).prefix(Limits.noticeDatasets))
        )
        known[dataset] = near
        return near
    }
}
