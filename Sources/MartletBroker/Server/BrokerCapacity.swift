import Foundation
import MartletCore

/// How much a server may hold open, by how many files the system lets the process have.
struct BrokerCapacity: Hashable {
    /// Most connections at once.
    var connections: Int
    /// Most partitions.
    var partitions: Int

    /// What is left of the settings with so many descriptors.
    init(descriptors: Int, _ settings: BrokerSettings) {
        let free = max(0, descriptors - Limits.otherDescriptors)
        connections = max(1, min(settings.connectionLimit, free / 4))
        partitions = max(1, min(settings.partitionLimit, (free - free / 4) / Limits.descriptorsOfPartition))
    }

    /// How many files this process may have open.
    static var descriptors: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: limit.rlim_cur)
    }
}
