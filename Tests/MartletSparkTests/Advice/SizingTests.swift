import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite struct SizingTests {
    /// The worked example that is often given: 6 nodes x 16 cores x 64 GB make 17 executors of 5 cores and 19 GB.
    @Test func theWorkedExample() throws {
        let advice = SizingAdvice(try SizingRequest(input: 200 << 30, nodes: 6, cores: 16, memory: 64 << 30))
        #expect(advice.executors == 17)
        #expect(advice.cores == 5)
        #expect(advice.heap == 19 << 30)
        #expect(advice.slots == 85)
        #expect(advice.inputTasks == 1600)
        // 19 whole rounds of 85 slots.
        #expect(advice.shufflePartitions == 1615)
        let text = SizingAdviceText(advice)
        #expect(text.defaults.contains("spark.executor.memory 19g"))
        #expect(text.arguments.hasPrefix("--conf spark.executor.instances=17 \\\n  --conf spark.executor.cores=5"))
    }

    private static let shapes: [(nodes: Int, cores: Int, gigabytes: Int, isPython: Bool)] = [
        (1, 4, 16, false), (1, 2, 4, false), (10, 32, 128, true), (3, 8, 30, false), (40, 96, 768, true),
        (2, 5, 8, true),
        (6, 16, 64, true), (100, 64, 256, false), (2, 64, 16, false),
    ]

    /// Whatever the nodes are, what is asked for fits on them.
    @Test(arguments: shapes)
    func whatIsAskedForFits(_ nodes: Int, _ cores: Int, _ gigabytes: Int, _ isPython: Bool) throws {
        for input in [1 << 20, 5 << 30, 1 << 40] {
            let advice = SizingAdvice(
                try SizingRequest(
                    input: input,
                    nodes: nodes,
                    cores: cores,
                    memory: gigabytes << 30,
                    usesPython: isPython
                )
            )
            let perNode = (cores - 1) / advice.cores
            #expect(perNode >= 1)
            #expect(advice.executors >= 1)
            #expect(advice.executors <= max(1, perNode * nodes))
            #expect(advice.cores <= 5)
            #expect(advice.heap >= 1 << 30)
            // However they are spread, a node has to hold this many of them.
            let onOne = (advice.executors + nodes - 1) / nodes
            #expect(onOne * (advice.heap + advice.overhead) <= (gigabytes - 1) << 30)
            #expect(advice.shufflePartitions >= 1)
            #expect(advice.settings.allSatisfy { !$0.reason.isEmpty && !$0.value.isEmpty })
        }
    }

    /// With many cores and little memory, the memory says how many executors there are.
    @Test func memoryIsWhatIsShort() throws {
        let advice = SizingAdvice(
            try SizingRequest(input: 1 << 40, nodes: 4, cores: 64, memory: 16 << 30, isKubernetes: true)
        )
        #expect(advice.executors == 40)
        #expect(advice.heap == 1 << 30)
        #expect(advice.overhead == 384 << 20)
        #expect(advice.remarks.contains { $0.hasPrefix("The memory of a node is enough for 10 executors") })
    }

    @Test func localMode() throws {
        let advice = SizingAdvice(try SizingRequest(input: 2 << 30, nodes: 0, cores: 8, memory: 16 << 30))
        #expect(advice.slots == 8)
        #expect(advice.settings.first?.value == "local[8]")
        #expect(advice.settings.contains { $0.key == "spark.driver.memory" && $0.value == "12g" })
        #expect(advice.shufflePartitions == 16)
        #expect(!advice.settings.contains { $0.key.hasPrefix("spark.executor") })
    }

    @Test func aSmallInputNeedsFewExecutors() throws {
        let advice = SizingAdvice(try SizingRequest(input: 1 << 30, nodes: 50, cores: 16, memory: 64 << 30))
        #expect(advice.executors == 2)
        #expect(advice.inputTasks == 8)
    }

    private static let wrong: [(input: Int, nodes: Int, cores: Int, memory: Int)] = [
        (0, 1, 4, 8 << 30), (1, -1, 4, 8 << 30), (1, 1, 0, 8 << 30), (1, 1, 1, 512 << 20), (1, 0, 1, 1 << 20),
        (1 << 61, 1, 4, 8 << 30), (1, 1, 4, 1 << 60),
    ]

    @Test(arguments: wrong)
    func nonsenseIsRefused(_ input: Int, _ nodes: Int, _ cores: Int, _ memory: Int) {
        let error = #expect(throws: MartletError.self) {
            try SizingRequest(input: input, nodes: nodes, cores: cores, memory: memory)
        }
        #expect(error?.code == .sparkSizingInvalid)
    }

    private static let sizes: [(text: String, bytes: Int?)] = [
        ("200GB", 200 << 30), ("1.5g", 3 << 29), ("64 MiB", 64 << 20), ("12", 12), ("10k", 10 << 10), ("GB", nil),
        ("1x", nil), ("-1", -1), ("999999999p", nil), ("", nil),
    ]

    @Test(arguments: sizes)
    func sizesOfText(_ text: String, _ bytes: Int?) { #expect(SparkSize.bytes(text) == bytes) }

    @Test func inputIsMeasured() throws {
        try SparkFixture.withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/day=1", withIntermediateDirectories: true)
            for (name, count) in [("a.parquet", 1000), ("day=1/b.parquet", 500), ("_SUCCESS", 7), (".a.crc", 9)] {
                try Data(count: count).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            #expect(try InputSize.measure(folder) { $0 } == 1500)
            #expect(try InputSize.measure("\(folder)/a.parquet") { $0 } == 1000)
            #expect(try InputSize.measure("3mb") { $0 } == 3 << 20)
            #expect(throws: MartletError.self) { try InputSize.measure("\(folder)/none") { $0 } }
            #expect(throws: MartletError.self) { try InputSize.parse("many", "--memory") }
        }
    }
}
