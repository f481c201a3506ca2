// Versions of librdkafka differ in what they tell, and a member that is not there must not hide all others.

extension KafkaStatistics.Broker {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.nodeid, into: &nodeid)
        try members.read(.state, into: &state)
        try members.read(.rtt, into: &rtt)
        try members.read(.outbufLatency, into: &outbufLatency)
        try members.read(.intLatency, into: &intLatency)
        try members.read(.throttle, into: &throttle)
        try members.read(.reqTimeouts, into: &reqTimeouts)
        try members.read(.disconnects, into: &disconnects)
        try members.read(.txerrs, into: &txerrs)
        try members.read(.rxerrs, into: &rxerrs)
    }
}

extension KafkaStatistics.Window {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.min, into: &min)
        try members.read(.max, into: &max)
        try members.read(.avg, into: &avg)
        try members.read(.p50, into: &p50)
        try members.read(.p99, into: &p99)
        try members.read(.cnt, into: &cnt)
    }
}

extension KafkaStatistics.Partition {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.partition, into: &partition)
        try members.read(.fetchqCount, into: &fetchqCount)
        try members.read(.fetchqSize, into: &fetchqSize)
        try members.read(.fetchState, into: &fetchState)
        try members.read(.appOffset, into: &appOffset)
        try members.read(.committedOffset, into: &committedOffset)
        try members.read(.loOffset, into: &loOffset)
        try members.read(.hiOffset, into: &hiOffset)
        try members.read(.lsOffset, into: &lsOffset)
        try members.read(.consumerLag, into: &consumerLag)
        try members.read(.messagesInFlight, into: &messagesInFlight)
        try members.read(.txmsgs, into: &txmsgs)
        try members.read(.rxmsgs, into: &rxmsgs)
    }
}

extension KafkaStatistics.Topic {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.topic, into: &topic)
        try members.read(.partitions, into: &partitions)
    }
}

extension KafkaStatistics.Group {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.state, into: &state)
        try members.read(.joinState, into: &joinState)
        try members.read(.rebalanceAge, into: &rebalanceAge)
        try members.read(.rebalanceCount, into: &rebalanceCount)
        try members.read(.rebalanceReason, into: &rebalanceReason)
        try members.read(.assignmentSize, into: &assignmentSize)
    }
}

extension KafkaStatistics.ExactlyOnce {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.idempotenceState, into: &idempotenceState)
        try members.read(.transactionState, into: &transactionState)
        try members.read(.producerID, into: &producerID)
        try members.read(.producerEpoch, into: &producerEpoch)
    }
}

extension KafkaStatistics {
    /// Reads what is there; what is not keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let members = try decoder.container(keyedBy: CodingKeys.self)
        try members.read(.name, into: &name)
        try members.read(.clientID, into: &clientID)
        try members.read(.type, into: &type)
        try members.read(.age, into: &age)
        try members.read(.replyq, into: &replyq)
        try members.read(.messageCount, into: &messageCount)
        try members.read(.messageSize, into: &messageSize)
        try members.read(.tx, into: &tx)
        try members.read(.txBytes, into: &txBytes)
        try members.read(.rx, into: &rx)
        try members.read(.rxBytes, into: &rxBytes)
        try members.read(.txmsgs, into: &txmsgs)
        try members.read(.rxmsgs, into: &rxmsgs)
        try members.read(.brokers, into: &brokers)
        try members.read(.topics, into: &topics)
        try members.read(.group, into: &group)
        try members.read(.exactlyOnce, into: &exactlyOnce)
    }
}

extension KeyedDecodingContainer {
    fileprivate func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
        if let found = try decodeIfPresent(Value.self, forKey: key) { value = found }
    }

    fileprivate func read<Value: Decodable>(_ key: Key, into value: inout Value?) throws {
        value = try decodeIfPresent(Value.self, forKey: key)
    }
}
