import GRPCCore
import MartletCore
import SwiftProtobuf
import Synchronization
import Testing

@testable import MartletSpark

@Suite("Failures that Spark reports", .timeLimit(.minutes(30)))
struct SparkErrorTests {
    @Test(
        "Who can do something about it",
        arguments: [
            ("TABLE_OR_VIEW_NOT_FOUND", "42P01", SparkError.Kind.user, ErrorCode.sparkQueryRefused),
            ("PARSE_SYNTAX_ERROR", "42601", .user, .sparkQueryRefused),
            ("DIVIDE_BY_ZERO", "22012", .user, .sparkExecutionFailed),
            ("UNSUPPORTED_FEATURE.X", "0A000", .user, .sparkQueryRefused),
            ("FAILED_READ_FILE.NO_HINT", "KD001", .infrastructure, .sparkExecutionFailed),
            ("INTERNAL_ERROR", "XX000", .infrastructure, .sparkExecutionFailed),
            ("OPERATION_CANCELED", "HY008", .cancelled, .sparkOperationCancelled),
            ("INVALID_HANDLE.SESSION_CLOSED", "HY000", .retryable, .sparkSessionLost),
            ("INVALID_HANDLE.SESSION_CHANGED", "HY000", .retryable, .sparkSessionLost),
        ]
    )
    func kinds(errorClass: String, sqlState: String, kind: SparkError.Kind, code: ErrorCode) {
        let error = SparkError(SparkFailure(FakeSpark.failure(errorClass, "so", sqlState: sqlState)), server: "h:1")
        #expect(error.kind == kind)
        #expect(error.error.code == code)
        #expect(error.errorClass == errorClass)
        #expect(error.sqlState == sqlState)
    }

    @Test(
        "Failures without details",
        arguments: [
            (RPCError.Code.unavailable, "refused", SparkError.Kind.retryable, ErrorCode.sparkUnreachable),
            (.unauthenticated, "no", .user, .sparkUnauthorized),
            (.unimplemented, "no", .user, .sparkUnsupportedByServer),
            (.internalError, "[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid", .retryable, .sparkSessionLost),
            (.internalError, "boom", .infrastructure, .sparkExecutionFailed),
            (.dataLoss, "odd", .infrastructure, .sparkProtocolViolated),
        ]
    )
    func statuses(status: RPCError.Code, message: String, kind: SparkError.Kind, code: ErrorCode) {
        let error = SparkError(SparkFailure(RPCError(code: status, message: message)), server: "h:1")
        #expect(error.kind == kind)
        #expect(error.error.code == code)
    }

    @Test("The whole message, the causes and the place come from the server")
    func details() async throws {
        let message =
            "[DIVIDE_BY_ZERO] Division by zero. Use `try_divide`. SQLSTATE: 22012\n== SQL (line 1) ==\nSELECT 1/0"
        let fake = FakeSpark { _ in [.fail(FakeSpark.failure("DIVIDE_BY_ZERO", "cut", errorID: "e1"))] }
        fake.state.withLock { state in
            state.details["e1"] = .with {
                $0.rootErrorIdx = 0
                $0.errors = [
                    .with {
                        $0.errorTypeHierarchy = ["org.apache.spark.SparkArithmeticException", "java.lang.Throwable"]
                        $0.message = message
                        $0.causeIdx = 1
                        $0.sparkThrowable = .with {
                            $0.errorClass = "DIVIDE_BY_ZERO"
                            $0.sqlState = "22012"
                            $0.messageParameters = ["config": "x"]
                            $0.queryContexts = [
                                .with {
                                    $0.contextType = .sql
                                    $0.fragment = "1/0"
                                    $0.startIndex = 7
                                    $0.stopIndex = 9
                                }
                            ]
                        }
                        $0.stackTrace = (0..<50).map { number in
                            .with {
                                $0.declaringClass = "a.B"
                                $0.methodName = "c"
                                $0.fileName = "B.scala"
                                $0.lineNumber = Int32(number)
                            }
                        }
                    },
                    .with {
                        $0.errorTypeHierarchy = ["java.lang.ArithmeticException"]
                        $0.message = "/ by zero"
                        $0.causeIdx = 0
                    },
                ]
            }
        }
        try await ClientBench.run(fake) { client, _ in
            let error = try #require(
                await #expect(throws: SparkError.self) { try await client.execute(.range(to: 1)).finish() }
            )
            #expect(error.kind == .user)
            #expect(error.message == message)
            #expect(error.parameters == ["config": "x"])
            #expect(error.contexts.map(\.fragment) == ["1/0"])
            #expect(error.contexts.first?.start == 7)
            #expect(error.exceptionClass == "org.apache.spark.SparkArithmeticException")
            #expect(error.stack.count == 12)
            #expect(error.stack.first == "a.B.c(B.scala:0)")
            // The cause names the error as its own cause; that does not go on for ever.
            #expect(error.causes.map(\.exceptionClass) == ["java.lang.ArithmeticException"])
            #expect(error.error.reason == "at 1/0 (characters 8 to 10 of the query)")
            #expect(error.error.cause == "java.lang.ArithmeticException: / by zero")
            #expect(
                error.error.message
                    == "Spark failed: [DIVIDE_BY_ZERO] Division by zero. Use `try_divide`. SQLSTATE: 22012"
            )
        }
    }

    @Test("A wrong token is named as such, and never shown")
    func wrongToken() async throws {
        try await FakeSpark.run(FakeSpark(token: "right")) { url in
            var wrong = url
            wrong.token = "wrong-secret"
            let given = wrong
            let options = ClientBench().options
            let error = try #require(
                await #expect(throws: SparkError.self) { try await SparkClient.connect(to: given, options: options) }
            )
            #expect(error.error.code == .sparkUnauthorized)
            #expect(!"\(error)".contains("secret"))
            var right = url
            right.token = "right"
            let client = try await SparkClient.connect(to: right, options: options)
            #expect(client.serverVersion == "4.0.1")
            await client.shutdown()
        }
    }

    @Test("A server that is not there is tried a few times")
    func unreachable() async throws {
        let bench = ClientBench()
        // The port of a server that has gone.
        let fake = FakeSpark()
        let (ports, port) = AsyncStream.makeStream(of: SparkURL.self)
        try await FakeSpark.run(fake) { port.yield($0) }
        port.finish()
        for await url in ports {
            let error = await #expect(throws: SparkError.self) {
                try await SparkClient.connect(to: url, options: bench.options)
            }
            #expect(error?.error.code == .sparkUnreachable)
            #expect(bench.sleeps == [.milliseconds(50), .milliseconds(200), .milliseconds(800), .milliseconds(3_200)])
        }
    }

    @Test("A method that a server does not have is named", arguments: [true, false])
    func missingMethod(isOld: Bool) async throws {
        let fake = FakeSpark(methods: Set(SparkMethod.allCases).subtracting([.getStatus, .interrupt]))
        try await ClientBench.run(fake) { client, _ in
            let error = await #expect(throws: SparkError.self) {
                if isOld { _ = try await client.status(of: []) } else { try await client.interrupt(.all) }
            }
            #expect(error?.error.code == .sparkUnsupportedByServer)
        }
    }

    @Test(
        "Versions",
        arguments: [
            ("3.5.0", "4.0", true), ("4.0.1", "4.0", false), ("4.1.0-SNAPSHOT", "4.2", true), ("4.10", "4.2", false),
            ("", "4.2", false), ("odd", "4.2", false), ("4.2.1", "4.2", false),
        ]
    )
    func versions(version: String, other: String, expected: Bool) {
        #expect(SparkClient.isVersion(version, before: other) == expected)
    }
}
