/// What is taken from one `SparkListenerTaskEnd` line; zero where the line does not say it.
struct TaskEndLine {
    var stage = -1
    var attempt = 0
    var isFailed = false
    var isKilled = false
    var isSpeculative = false
    /// The reason when it is not `Success`, cut short.
    var reason: String?
    var launch = 0
    var finish = 0
    var gettingResultStart = 0
    var executor = ""
    var deserializeTime = 0
    var runTime = 0
    var cpuTime = 0
    var peakExecutionMemory = 0
    var resultSize = 0
    var gcTime = 0
    var resultSerializationTime = 0
    var memorySpilled = 0
    var diskSpilled = 0
    var shuffleReadBytes = 0
    var shuffleReadRecords = 0
    var fetchWaitTime = 0
    var shuffleWriteBytes = 0
    var shuffleWriteRecords = 0
    var inputBytes = 0
    var inputRecords = 0
    var outputBytes = 0
    var outputRecords = 0
    var peaks = ExecutorPeaks()

    /// Milliseconds between launch and finish.
    var duration: Int { launch > 0 ? max(0, finish - launch) : 0 }

    /// Milliseconds to fetch the result.
    var gettingResultDuration: Int { gettingResultStart > 0 ? max(0, finish - gettingResultStart) : 0 }

    /// Milliseconds for which the task held its slot.
    var slotTime: Int { max(0, duration - gettingResultDuration) }

    /// What is left of the duration after all that is accounted for.
    var schedulerDelay: Int {
        max(0, duration - runTime - deserializeTime - resultSerializationTime - gettingResultDuration)
    }

    /// Reads the line; nil when it is not JSON or names no stage.
    init?(_ line: UnsafeRawBufferPointer) {
        var scanner = JSONScanner(line)
        scanner.object { scanner, key in
            switch key {
            case "Stage ID": stage = scanner.integer() ?? -1
            case "Stage Attempt ID": attempt = scanner.integer() ?? 0
            case "Task End Reason": readReason(&scanner)
            case "Task Info": readInfo(&scanner)
            case "Task Executor Metrics": peaks.read(&scanner)
            case "Task Metrics": readMetrics(&scanner)
            default: break
            }
        }
        guard !scanner.failed, scanner.isAtEnd(), stage >= 0 else { return nil }
        if reason != nil, !isKilled { isFailed = true }
    }

    private mutating func readReason(_ scanner: inout JSONScanner) {
        var kind: String?
        var text: String?
        var isSuccess = false
        scanner.object { scanner, key in
            switch key {
            case "Reason":
                let copy = scanner
                isSuccess = scanner.isString("Success")
                if !isSuccess {
                    scanner = copy
                    kind = scanner.string(limit: 100)
                }
            case "Description", "Loss Reason", "Message", "Kill Reason", "Class Name":
                let found = scanner.string(limit: 300)
                if text == nil { text = found }
            default: break
            }
        }
        guard !isSuccess else { return }
        isKilled = kind == "TaskKilled"
        reason = [kind, text].compactMap(\.self).joined(separator: ": ")
    }

    private mutating func readInfo(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            switch key {
            case "Launch Time": launch = time(&scanner)
            case "Executor ID": executor = scanner.string(limit: 100) ?? ""
            case "Speculative": isSpeculative = scanner.bool() ?? false
            case "Getting Result Time": gettingResultStart = time(&scanner)
            case "Finish Time": finish = time(&scanner)
            case "Failed": isFailed = scanner.bool() ?? false
            case "Killed": isKilled = scanner.bool() ?? false
            default: break
            }
        }
    }

    private mutating func readMetrics(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            switch key {
            case "Executor Deserialize Time": deserializeTime = amount(&scanner)
            case "Executor Run Time": runTime = amount(&scanner)
            case "Executor CPU Time": cpuTime = amount(&scanner)
            case "Peak Execution Memory": peakExecutionMemory = amount(&scanner)
            case "Result Size": resultSize = amount(&scanner)
            case "JVM GC Time": gcTime = amount(&scanner)
            case "Result Serialization Time": resultSerializationTime = amount(&scanner)
            case "Memory Bytes Spilled": memorySpilled = amount(&scanner)
            case "Disk Bytes Spilled": diskSpilled = amount(&scanner)
            case "Shuffle Read Metrics": readShuffleRead(&scanner)
            case "Shuffle Write Metrics":
                scanner.object { scanner, key in
                    switch key {
                    case "Shuffle Bytes Written": shuffleWriteBytes = amount(&scanner)
                    case "Shuffle Records Written": shuffleWriteRecords = amount(&scanner)
                    default: break
                    }
                }
            case "Input Metrics":
                scanner.object { scanner, key in
                    switch key {
                    case "Bytes Read": inputBytes = amount(&scanner)
                    case "Records Read": inputRecords = amount(&scanner)
                    default: break
                    }
                }
            case "Output Metrics":
                scanner.object { scanner, key in
                    switch key {
                    case "Bytes Written": outputBytes = amount(&scanner)
                    case "Records Written": outputRecords = amount(&scanner)
                    default: break
                    }
                }
            default: break
            }
        }
    }

    private mutating func readShuffleRead(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            switch key {
            case "Fetch Wait Time": fetchWaitTime = amount(&scanner)
            case "Remote Bytes Read", "Local Bytes Read": shuffleReadBytes.add(bounded: amount(&scanner))
            case "Total Records Read": shuffleReadRecords = amount(&scanner)
            default: break
            }
        }
    }

    /// A time in milliseconds since 1970 as ``ApplicationBuilder`` reads it, of which no difference overflows; 0 when it
    /// makes no sense.
    private func time(_ scanner: inout JSONScanner) -> Int {
        let value = scanner.integer() ?? 0
        return value > 0 && value < ApplicationBuilder.endOfTime ? value : 0
    }

    /// A count, span of time or size, which is never negative, nor so large that sums of it could overflow.
    private func amount(_ scanner: inout JSONScanner) -> Int {
        min(max(0, scanner.integer() ?? 0), 1 << 50)
    }
}
