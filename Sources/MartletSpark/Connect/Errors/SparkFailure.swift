internal import Foundation
internal import GRPCCore
import MartletCore
internal import SwiftProtobuf

/// A failed call as gRPC reports it, with what Spark says in the status's details.
struct SparkFailure: Error, Sendable {
    /// The status; nearly always `internalError`, so that it decides next to nothing.
    var code: RPCError.Code
    /// The text of the status.
    var message: String
    /// Class of the exception.
    var exceptionClass: String?
    /// Classes of the exception and its ancestors.
    var classes: [String]
    /// Spark's name of the condition.
    var errorClass: String?
    /// The five characters of standard SQL.
    var sqlState: String?
    /// Parameters of the message.
    var parameters: [String: String]
    /// The number by which the server tells more.
    var errorID: String?
    /// The wait that the server asks for before a retry.
    var serverDelay: Duration?
    /// Whether the status has a `RetryInfo`, which asks for a retry whatever the status is.
    var asksForRetry: Bool

    /// The failure that gRPC reports.
    init(_ error: RPCError) {
        code = error.code
        message = error.message
        classes = []
        parameters = [:]
        asksForRetry = false
        for bytes in error.metadata[binaryValues: "grpc-status-details-bin"] {
            guard let status = try? ProtoRPCStatus(serializedBytes: bytes) else { continue }
            if !status.message.isEmpty { message = status.message }
            for detail in status.details { read(detail) }
        }
        if errorClass == nil { errorClass = SparkFailure.leadingClass(of: message) }
        if let cause = error.cause, code == .unavailable { message += " (\(cause))" }
    }

    private mutating func read(_ detail: ProtoRPCDetail) {
        // The type is the part after the last slash: type.googleapis.com/google.rpc.ErrorInfo.
        switch detail.typeURL.split(separator: "/").last {
        case "google.rpc.ErrorInfo":
            guard let info = try? ProtoRPCErrorInfo(serializedBytes: detail.value) else { return }
            exceptionClass = info.reason.isEmpty ? nil : info.reason
            errorClass = info.metadata["errorClass"].flatMap { $0.isEmpty ? nil : $0 }
            sqlState = info.metadata["sqlState"].flatMap { $0.isEmpty ? nil : $0 }
            errorID = info.metadata["errorId"].flatMap { $0.isEmpty ? nil : $0 }
            parameters = SparkFailure.json(info.metadata["messageParameters"]) ?? [:]
            classes = SparkFailure.json(info.metadata["classes"]) ?? []
        case "google.rpc.RetryInfo":
            guard let info = try? ProtoRPCRetryInfo(serializedBytes: detail.value) else { return }
            asksForRetry = true
            let delay = info.retryDelay
            guard delay.seconds >= 0, delay.nanos >= 0, delay.seconds < Int64(Limits.sparkServerDelaySeconds) else {
                if delay.seconds > 0 { serverDelay = .seconds(Limits.sparkServerDelaySeconds) }
                return
            }
            serverDelay = .seconds(delay.seconds) + .nanoseconds(Int64(delay.nanos))
        default: break
        }
    }

    /// A value of the metadata, which is JSON; nil when the server cut it off.
    private static func json<Value: Decodable>(_ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }

    /// The condition that a message begins with, as in `[INVALID_HANDLE.SESSION_CLOSED] ...`.
    static func leadingClass(of message: String) -> String? {
        guard let open = message.firstIndex(of: "[") else { return nil }
        let before = message[..<open]
        guard before.allSatisfy({ !$0.isNewline }), before.count <= 120 else { return nil }
        let rest = message[message.index(after: open)...]
        guard let close = rest.firstIndex(of: "]") else { return nil }
        let name = rest[..<close]
        let allowed = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        return allowed && name.count >= 3 ? String(name) : nil
    }
}

extension SparkFailure {
    /// Whether the condition is this one; what Spark adds after a dot may be left out.
    func isClass(_ name: String) -> Bool {
        errorClass == name || errorClass?.hasPrefix(name + ".") == true
    }

    /// What it means for an execution that can be continued.
    var forExecution: ExecutionFailure {
        if isClass("INVALID_HANDLE.OPERATION_NOT_FOUND") || isClass("INVALID_HANDLE.SESSION_NOT_FOUND") {
            return .unknownOperation
        }
        if isClass("INVALID_HANDLE.OPERATION_ALREADY_EXISTS") { return .operationExists }
        return isTransient ? .transient(serverDelay: serverDelay) : .final
    }

    /// Whether the same request may succeed when it is tried again.
    var isTransient: Bool {
        if asksForRetry || code == .unavailable { return true }
        return code == .internalError
            && (isClass("INVALID_CURSOR.DISCONNECTED") || message.contains("INVALID_CURSOR.DISCONNECTED"))
    }
}
