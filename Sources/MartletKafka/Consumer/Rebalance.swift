import CRdkafka
import MartletCore

/// Partitions that come to this consumer, or leave it, as soon as the application is ready.
final class Rebalance {
    let list: PartitionList
    let isAssignment: Bool
    /// Whether others have the partitions already.
    let isLost: Bool
    /// Whether the application knows.
    var isTold = false

    init(_ list: consuming PartitionList, isAssignment: Bool, isLost: Bool) {
        self.list = list
        self.isAssignment = isAssignment
        self.isLost = isLost
    }

    /// What the application is told.
    var event: SourceEvent {
        isAssignment ? .assigned(list.partitions) : .revoked(list.partitions, isLost: isLost)
    }
}

extension ConsumerLoop {
    /// Ends a rebalance: takes the partitions, or gives them up.
    func finish(_ rebalance: Rebalance, startingAt offsets: [TopicPartition: Int64]) throws(StreamError) {
        self.rebalance = nil
        let library = handle.library
        let isIncremental = library.text(api.rebalance_protocol(handle.pointer)) == "COOPERATIVE"
        let partitions = rebalance.list.partitions
        for partition in partitions {
            nextOffsets[partition] = nil
            floors[partition] = nil
        }
        paused.subtract(partitions)
        if rebalance.isAssignment {
            try begin(partitions, rebalance.list, startingAt: offsets, isIncremental: isIncremental)
            assigned = isIncremental ? assigned.union(partitions) : partitions
        } else {
            assigned = isIncremental ? assigned.subtracting(partitions) : []
            if isIncremental {
                let error = api.incremental_unassign(handle.pointer, rebalance.list.pointer)
                try library.check(error, "cannot give up partitions")
            } else {
                try library.check(api.assign(handle.pointer, nil), "cannot give up partitions")
            }
        }
    }

    private func begin(
        _ partitions: Set<TopicPartition>,
        _ list: borrowing PartitionList,
        startingAt offsets: [TopicPartition: Int64],
        isIncremental: Bool
    ) throws(StreamError) {
        for index in list.elements.indices {
            if let offset = offsets[PartitionList.partition(list.elements[index])] {
                list.elements[index].offset = offset
            }
        }
        // Before the first record comes: records wait apart from events from here on.
        for partition in partitions { route(partition) }
        if isIncremental {
            let error = api.incremental_assign(handle.pointer, list.pointer)
            try handle.library.check(error, "cannot take partitions")
        } else {
            try handle.library.check(api.assign(handle.pointer, list.pointer), "cannot take partitions")
        }
    }

    private func route(_ partition: TopicPartition) {
        let queue = api.queue_get_partition(handle.pointer, partition.topic, partition.partition)
        guard let queue else { return }
        api.queue_forward(queue, data.pointer)
        api.queue_destroy(queue)
    }

    /// Takes partitions that no group gives.
    func assign(_ offsets: [TopicPartition: Int64]) throws(StreamError) {
        let list = try PartitionList(offsets, handle.library)
        try begin(Set(offsets.keys), list, startingAt: [:], isIncremental: false)
        assigned = Set(offsets.keys)
        paused = []
        nextOffsets = [:]
        floors = [:]
    }
}
