package import MartletCore

/// What a job is to be sized for, before it has ever run.
package struct SizingRequest: Sendable, Equatable, Codable {
    /// Bytes of input.
    package var input: Int
    /// Worker nodes; 0 is local mode, on this machine.
    package var nodes: Int
    /// Cores of each node.
    package var cores: Int
    /// Bytes of memory of each node.
    package var memory: Int
    /// Whether the job has Python functions: their workers are outside the heap.
    package var usesPython: Bool
    /// Whether the master is Kubernetes, where there is no application master.
    package var isKubernetes: Bool

    /// A request.
    ///
    /// - Throws: `MT7033` when a number is not positive or a node has no room for an executor.
    package init(
        input: Int,
        nodes: Int,
        cores: Int,
        memory: Int,
        usesPython: Bool = false,
        isKubernetes: Bool = false
    ) throws(MartletError) {
        guard input > 0, input < 1 << 60 else {
            throw MartletError(
                .sparkSizingInvalid,
                "the input has to be more than nothing",
                remedy: "give its size after --input, as in 200GB"
            )
        }
        guard nodes >= 0, nodes <= 100_000, cores > 0, cores <= 10_000 else {
            throw MartletError(
                .sparkSizingInvalid,
                "\(nodes) nodes of \(cores) cores are no cluster",
                remedy: "give --nodes and --cores of at least 1, or leave out --nodes for local mode"
            )
        }
        let hasRoom = nodes == 0 ? memory >= 1 << 30 : cores >= 2 && memory >= 3 << 30
        guard hasRoom, memory < 1 << 50 else {
            throw MartletError(
                .sparkSizingInvalid,
                "a node with \(AdviceText.plural(cores, "core")) and \(AdviceText.bytes(memory)) of memory has no room for "
                    + "an executor",
                reason:
                    "one core and 1 GB of each node are left to the system, and an executor takes at least one core "
                    + "and 1 GB",
                remedy: "give --cores and --memory of a larger node"
            )
        }
        self.input = input
        self.nodes = nodes
        self.cores = cores
        self.memory = memory
        self.usesPython = usesPython
        self.isKubernetes = isKubernetes
    }
}
