// Measures the client of Spark Connect from within the package; see compare.py beside it.
//
//   spark-client-bench first URL TIMES     milliseconds until the first rows of SELECT 1 are decoded, one a line
//   spark-client-bench fetch URL SQL       rows, bytes, columns touched, seconds, and the most memory, as JSON

import Foundation
import Glibc
import MartletSpark

let words = CommandLine.arguments
guard words.count == 4 else {
    FileHandle.standardError.write(Data("usage: spark-client-bench first|fetch URL TIMES|SQL\n".utf8))
    exit(2)
}
let client = try await SparkClient.connect(to: SparkURL(words[2]), options: .system)
let clock = ContinuousClock()
if words[1] == "first" {
    for _ in 0..<(Int(words[3]) ?? 1) {
        let start = clock.now
        var rows = 0
        for try await data in try client.execute(SparkRelation.sql("SELECT 1")).batches {
            rows += try ArrowStreamReader.read(data.bytes.arrow).batches.reduce(0) { $0 + $1.rowCount }
            print(milliseconds(clock.now - start))
        }
        precondition(rows == 1)
    }
} else {
    let start = clock.now
    var rows = 0
    var bytes = 0
    var sum: Int64 = 0
    for try await data in try client.execute(SparkRelation.sql(words[3])).batches {
        bytes += data.bytes.count
        for batch in try ArrowStreamReader.read(data.bytes.arrow).batches {
            rows += batch.rowCount
            // Something of each batch is looked at, so that nobody could leave out decoding it.
            if let first = batch.columns.first {
                sum &+= first.withValues(as: Int64.self) { $0.reduce(0, &+) } ?? 0
            }
        }
    }
    let seconds = milliseconds(clock.now - start) / 1_000
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(#"{"rows":\#(rows),"bytes":\#(bytes),"sum":\#(sum),"seconds":\#(seconds),"peak_kib":\#(usage.ru_maxrss)}"#)
}
await client.shutdown()

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1_000 + Double(duration.components.attoseconds) / 1e15
}
