import CRdkafka
import Foundation
import MartletCore
import Testing

@testable import MartletKafka

struct LibraryTests {
    @Test(arguments: [
        (["MARTLET_RDKAFKA": "/x/rdk.so", "HOME": "/h"], ["/x/rdk.so"]),
        (["HOME": "/h"], ["/h/.local/share/martlet/lib/librdkafka.so", "librdkafka.so.1", "librdkafka.so"]),
        (
            ["MARTLET_RDKAFKA": "", "MARTLET_HOME": "/m", "HOME": "/h"],
            [
                "/m/lib/librdkafka.so", "/h/.local/share/martlet/lib/librdkafka.so", "librdkafka.so.1",
                "librdkafka.so",
            ]
        ),
        ([:], ["librdkafka.so.1", "librdkafka.so"]),
    ])
    func knowsWhereToLook(environment: [String: String], candidates: [String]) {
        #expect(KafkaLibraryLocations(environment: environment).candidates == candidates)
    }

    @Test func tellsWhatIsWrongWithALibrary() throws {
        let missing = try #require(throws: MartletError.self) {
            _ = try KafkaLibrary.load(environment: ["MARTLET_RDKAFKA": "/nowhere/rdk.so"])
        }
        #expect(missing.code == .streamLibraryUnusable)
        #expect(missing.reason == "/nowhere/rdk.so: does not exist")
        let other = try #require(throws: MartletError.self) {
            _ = try KafkaLibrary.load(environment: ["MARTLET_RDKAFKA": "libm.so.6"])
        }
        #expect(other.reason == "libm.so.6: it has no function rd_kafka_version")
    }

    @Test func comparesVersions() {
        // 0xMMmmrrxx, as rd_kafka_version gives it.
        #expect(KafkaVersion(number: 0x0200_02FF) == KafkaVersion(2, 0, 2))
        #expect(KafkaVersion(number: 0x0210_01FF).description == "2.16.1")
        #expect(KafkaVersion(number: 0x0200_02FF) < KafkaVersion(2, 1))
        #expect(KafkaVersion(2, 10) > KafkaVersion(2, 4, 9))
    }

    @Test(arguments: Libraries.all)
    func loads(library: TestLibrary) throws {
        let loaded = try library.load()
        #expect(loaded.version >= KafkaVersion(2, 0))
        #expect((loaded.api.IncrementalAlterConfigs != nil) == (loaded.version >= KafkaVersion(2, 2)))
    }

    @Test func saysWhatCanBeDone() throws {
        let library = try KafkaLibrary.load(environment: [:])
        let table: [(Int32, StreamError.Disposition, ErrorCode)] = [
            (-195, .retriable, .streamUnreachable), (-185, .retriable, .streamUnreachable),
            (6, .retriable, .streamRequestRefused), (16, .retriable, .streamRequestRefused),
            (10, .refused, .streamRequestRefused), (29, .refused, .streamRequestRefused),
            (22, .refused, .streamRequestRefused), (82, .fatal, .streamClientFailed),
            (90, .fatal, .streamClientFailed), (-144, .fatal, .streamClientFailed),
        ]
        for (code, disposition, number) in table {
            let error = library.error(code, "it failed")
            #expect(error.disposition == disposition, "\(code)")
            #expect(error.failure.code == number, "\(code)")
            #expect(error.number == Int(code))
        }
        #expect(library.error(10, "x").failure.cause == "MSG_SIZE_TOO_LARGE (10)")
    }
}
