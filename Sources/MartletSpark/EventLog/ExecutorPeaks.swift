/// The highest values of an executor's memory that were reported, in bytes.
///
/// Short tasks and executors may report none: a value is taken with every heartbeat (10 s), and at the end of a task.
package struct ExecutorPeaks: Sendable, Equatable, Codable {
    /// The JVM's heap in use.
    package var heap = 0
    /// The JVM's own memory beside the heap.
    package var offHeap = 0
    /// Execution and storage memory on the heap together.
    package var onHeapUnified = 0
    /// Execution and storage memory beside the heap together.
    package var offHeapUnified = 0
    /// Direct and mapped buffers.
    package var buffers = 0
    /// Resident memory of the JVM, when `spark.executor.processTreeMetrics.enabled` is on.
    package var processJVM = 0
    /// Resident memory of Python workers, as above.
    package var processPython = 0
    /// Resident memory of other children, as above.
    package var processOther = 0

    /// All zero.
    package init() {}

    /// The highest container memory seen: resident memory where it was measured, or else heap and what is beside it.
    package var container: Int {
        let processes = processJVM + processPython + processOther
        return processJVM > 0 ? processes : heap + offHeap + offHeapUnified + buffers
    }

    /// Keeps the higher of both for each value.
    mutating func merge(_ other: ExecutorPeaks) {
        heap = max(heap, other.heap)
        offHeap = max(offHeap, other.offHeap)
        onHeapUnified = max(onHeapUnified, other.onHeapUnified)
        offHeapUnified = max(offHeapUnified, other.offHeapUnified)
        buffers = max(buffers, other.buffers)
        processJVM = max(processJVM, other.processJVM)
        processPython = max(processPython, other.processPython)
        processOther = max(processOther, other.processOther)
    }

    /// Reads `Task Executor Metrics` or `Executor Metrics`.
    mutating func read(_ scanner: inout JSONScanner) {
        var direct = 0
        var mapped = 0
        scanner.object { scanner, key in
            switch key {
            case "JVMHeapMemory": heap = bytes(&scanner)
            case "JVMOffHeapMemory": offHeap = bytes(&scanner)
            case "OnHeapUnifiedMemory": onHeapUnified = bytes(&scanner)
            case "OffHeapUnifiedMemory": offHeapUnified = bytes(&scanner)
            case "DirectPoolMemory": direct = bytes(&scanner)
            case "MappedPoolMemory": mapped = bytes(&scanner)
            case "ProcessTreeJVMRSSMemory": processJVM = bytes(&scanner)
            case "ProcessTreePythonRSSMemory": processPython = bytes(&scanner)
            case "ProcessTreeOtherRSSMemory": processOther = bytes(&scanner)
            default: break
            }
        }
        buffers = direct + mapped
    }

    private func bytes(_ scanner: inout JSONScanner) -> Int { min(max(0, scanner.integer() ?? 0), 1 << 50) }
}
