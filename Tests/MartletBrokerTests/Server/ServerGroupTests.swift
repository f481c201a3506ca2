import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// Groups and transactions through the server's socket.
@Suite(.timeLimit(.minutes(30)))
struct ServerGroupTests {
    /// Joins a group of one, and gets everything.
    private func join(_ client: WireClient, _ group: String) async throws -> (member: String, generation: Int32) {
        func request(_ member: String) -> JoinGroupRequest {
            JoinGroupRequest(
                groupID: group,
                sessionTimeoutMs: 10_000,
                rebalanceTimeoutMs: 10_000,
                memberID: member,
                protocolType: "consumer",
                protocols: [.init(name: "range", metadata: [1, 2])]
            )
        }
        let first = try await client.ask(request(""), version: 9)
        #expect(first.errorCode == .memberIDRequired && !first.memberID.isEmpty)
        let joined = try await client.ask(request(first.memberID), version: 9)
        #expect(joined.errorCode == .none && joined.leader == joined.memberID && joined.members.count == 1)
        let sync = SyncGroupRequest(
            groupID: group,
            generationID: joined.generationID,
            memberID: joined.memberID,
            protocolType: "consumer",
            protocolName: "range",
            assignments: [.init(memberID: joined.memberID, assignment: [7, 7])]
        )
        let synced = try await client.ask(sync, version: 5)
        #expect(synced.errorCode == .none && synced.assignment == [7, 7])
        return (joined.memberID, joined.generationID)
    }

    private func commit(
        _ group: String,
        _ offset: Int64,
        as member: (member: String, generation: Int32)?
    ) -> OffsetCommitRequest {
        OffsetCommitRequest(
            groupID: group,
            generationID: member?.generation ?? -1,
            memberID: member?.member ?? "",
            topics: [
                .init(
                    name: "t",
                    partitions: [.init(partitionIndex: 0, committedOffset: offset, committedMetadata: "m")]
                )
            ]
        )
    }

    private func committed(
        _ client: WireClient,
        _ group: String,
        isStable: Bool = false
    ) async throws -> OffsetFetchResponse.Partition {
        let request = OffsetFetchRequest(
            groups: [.init(groupID: group, topics: [.init(name: "t", partitionIndexes: [0])])],
            requireStable: isStable
        )
        let answer = try await client.ask(request, version: 8)
        return try #require(answer.groups.first?.topics.first?.partitions.first)
    }

    @Test func positionsSurvive() async throws {
        try await ServerBench.run { bench in
            var client = try await bench.connect()
            try await client.makeTopic("t")
            let member = try await join(client, "g")
            let beat = HeartbeatRequest(groupID: "g", generationID: member.generation, memberID: member.member)
            #expect(try await client.ask(beat, version: 4).errorCode == .none)
            let answer = try await client.ask(commit("g", 41, as: member), version: 8)
            #expect(answer.topics.first?.partitions.map(\.errorCode) == [.none])
            let stranger = try await client.ask(commit("g", 1, as: nil), version: 8)
            #expect(stranger.topics.first?.partitions.map(\.errorCode) == [.unknownMemberID])
            try await bench.stop()
            try await bench.start()
            client = try await bench.connect()
            let kept = try await committed(client, "g")
            #expect(kept.committedOffset == 41 && kept.metadata == "m")
            #expect(try await committed(client, "none").committedOffset == -1)
        }
    }

    @Test func theSecondMemberMakesTheFirstJoinAgain() async throws {
        try await ServerBench.run { bench in
            let (first, second) = (try await bench.connect(), try await bench.connect())
            try await first.makeTopic("t")
            let member = try await join(first, "g")
            func request(_ id: String) -> JoinGroupRequest {
                JoinGroupRequest(
                    groupID: "g",
                    sessionTimeoutMs: 10_000,
                    rebalanceTimeoutMs: 10_000,
                    memberID: id,
                    protocolType: "consumer",
                    protocols: [.init(name: "range", metadata: [])]
                )
            }
            let id = try await second.ask(request(""), version: 9).memberID
            try await second.send(request(id), version: 9, id: 2)
            // Its answer waits for the first member, which hears of it by a heartbeat.
            let beat = HeartbeatRequest(groupID: "g", generationID: member.generation, memberID: member.member)
            var error = KafkaError.none
            while error == .none { error = try await first.ask(beat, version: 4).errorCode }
            #expect(error == .rebalanceInProgress)
            let again = try await first.ask(request(member.member), version: 9)
            let joined = try await second.receive(JoinGroupResponse.self, version: 9, id: 2)
            #expect(again.generationID == member.generation + 1 && joined.generationID == again.generationID)
            #expect(again.leader == member.member && again.members.count == 2 && joined.members.isEmpty)
        }
    }

    // MARK: Transactions

    @Test func whatWasAbortedIsNeverSeen() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            var producer = try await client.begin("x")
            // A batch without the transaction knowing of the partition is refused.
            #expect(
                try await client.produce(["no"], to: "t", producer: producer, transactionalID: "x").errorCode
                    == .invalidTxnState
            )
            try await client.add("t", to: "x", producer)
            _ = try await client.produce(["bad"], to: "t", producer: producer, transactionalID: "x")
            _ = try await client.produce(["plain"], to: "t")
            // While it is open nothing behind it is stable.
            #expect(try await client.fetch("t", isCommitted: true).values.isEmpty)
            #expect(try await client.fetch("t").values == ["bad", "plain"])
            #expect(try await client.end("x", producer, isCommitted: false) == .none)
            #expect(try await client.end("x", producer, isCommitted: false) == .none)
            #expect(try await client.fetch("t", isCommitted: true).values == ["plain"])
            producer.baseSequence = 1
            try await client.add("t", to: "x", producer)
            _ = try await client.produce(["good"], to: "t", producer: producer, transactionalID: "x")
            #expect(try await client.end("x", producer, isCommitted: true) == .none)
            #expect(try await client.fetch("t", isCommitted: true).values == ["plain", "good"])
        }
    }

    @Test func anOpenTransactionSurvivesARestart() async throws {
        try await ServerBench.run { bench in
            var client = try await bench.connect()
            try await client.makeTopic("t")
            var producer = try await client.begin("x")
            try await client.add("t", to: "x", producer)
            _ = try await client.produce(["one"], to: "t", producer: producer, transactionalID: "x")
            try await bench.stop()
            try await bench.start()
            client = try await bench.connect()
            #expect(try await client.fetch("t", isCommitted: true).values.isEmpty)
            // A batch that was sent again is known; the next one follows it.
            #expect(
                try await client.produce(["one"], to: "t", producer: producer, transactionalID: "x").baseOffset == 0
            )
            producer.baseSequence = 1
            #expect(
                try await client.produce(["two"], to: "t", producer: producer, transactionalID: "x").baseOffset == 1
            )
            #expect(try await client.end("x", producer, isCommitted: true) == .none)
            #expect(try await client.fetch("t", isCommitted: true).values == ["one", "two"])
        }
    }

    @Test func aNewProducerOfTheSameIdFencesTheOldOne() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            let old = try await client.begin("x")
            try await client.add("t", to: "x", old)
            _ = try await client.produce(["old"], to: "t", producer: old, transactionalID: "x")
            // The open transaction is aborted first, which the client waits for by asking again.
            var answer = InitProducerIDResponse()
            repeat {
                answer = try await client.ask(
                    InitProducerIDRequest(transactionalID: "x", transactionTimeoutMs: 60_000),
                    version: 4
                )
            } while answer.errorCode == .concurrentTransactions
            #expect(answer.errorCode == .none && answer.producerEpoch > old.epoch)
            #expect(try await client.end("x", old, isCommitted: true) == .producerFenced)
            #expect(try await client.fetch("t", isCommitted: true).values.isEmpty)
            let zombie = try await client.produce(["zombie"], to: "t", producer: old, transactionalID: "x")
            #expect(zombie.errorCode == .invalidProducerEpoch)
        }
    }

    @Test func positionsInATransactionCountWhenItIsCommitted() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            let producer = try await client.begin("x")
            for isCommitted in [false, true] {
                let group = AddOffsetsToTxnRequest(
                    transactionalID: "x",
                    producerID: producer.id,
                    producerEpoch: producer.epoch,
                    groupID: "g"
                )
                #expect(try await client.ask(group, version: 3).errorCode == .none)
                let offsets = TxnOffsetCommitRequest(
                    transactionalID: "x",
                    groupID: "g",
                    producerID: producer.id,
                    producerEpoch: producer.epoch,
                    topics: [.init(name: "t", partitions: [.init(partitionIndex: 0, committedOffset: 5)])]
                )
                let answer = try await client.ask(offsets, version: 3)
                #expect(answer.topics.first?.partitions.map(\.errorCode) == [.none])
                #expect(try await committed(client, "g").committedOffset == -1)
                #expect(try await committed(client, "g", isStable: true).errorCode == .unstableOffsetCommit)
                #expect(try await client.end("x", producer, isCommitted: isCommitted) == .none)
                #expect(try await committed(client, "g", isStable: true).committedOffset == (isCommitted ? 5 : -1))
            }
        }
    }
}
