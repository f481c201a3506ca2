import Foundation
import MartletCore
import MartletSpark

// Measures how many bytes of an Arrow stream a second are read on one core: compare.py makes the stream, runs this and
// pyarrow on it, and prints both. The fastest of several rounds counts: others only say what else the machine did.

/// Seconds of the fastest of `rounds` calls, and what the last one returned.
func fastest(_ rounds: Int, _ body: () throws -> Int) rethrows -> (seconds: Double, result: Int) {
    let clock = ContinuousClock()
    var best = Double.infinity
    var result = 0
    for _ in 0..<rounds {
        let start = clock.now
        result = try body()
        let elapsed = (clock.now - start).components
        best = min(best, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }
    return (best, result)
}

/// Looks at every value: sums of numbers, and the lengths and first bytes of texts.
func touch(_ batch: ArrowBatch) -> Int {
    var sum = 0
    for column in batch.columns {
        switch column.type {
        case .integer(64, true):
            sum &+= column.withValues(as: Int64.self) { $0.reduce(0) { $0 &+ Int($1) } } ?? 0
        case .integer(32, true):
            sum &+= column.withValues(as: Int32.self) { $0.reduce(0) { $0 &+ Int($1) } } ?? 0
        case .double:
            sum &+= Int(column.withValues(as: Double.self) { $0.reduce(0, +) } ?? 0)
        case .utf8:
            column.forEachBytes { _, bytes in
                if let bytes, let first = bytes.first { sum &+= bytes.count &+ Int(first) }
            }
        default: break
        }
    }
    return sum
}

guard CommandLine.arguments.count == 3, let rounds = Int(CommandLine.arguments[2]) else {
    FileHandle.standardError.write(Data("usage: arrow-bench STREAM ROUNDS\n".utf8))
    exit(2)
}
let data = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]), options: .alwaysMapped)
let bytes = ArrowBytes([UInt8](data))
let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
let source = [UInt8](data)

let memcpySeconds = fastest(rounds) {
    copy.copyBytes(from: source)
    return Int(copy[bytes.count - 1])
}
let decode = try fastest(rounds) { try ArrowStreamReader.read(bytes).batches.reduce(0) { $0 + $1.rowCount } }
let text = try fastest(rounds) {
    let batches = try ArrowStreamReader.read(bytes).batches
    for batch in batches { for column in batch.columns { try column.checkText() } }
    return batches.count
}
let touched = try fastest(rounds) { try ArrowStreamReader.read(bytes).batches.reduce(0) { $0 &+ touch($1) } }

func line(_ name: String, _ seconds: Double) {
    print("\(name) \(Double(bytes.count) / seconds / 1e9)")
}
print("rows \(decode.result)")
line("memcpy", memcpySeconds.seconds)
line("decode", decode.seconds)
line("decode+utf8", text.seconds)
line("decode+touch", touched.seconds)
