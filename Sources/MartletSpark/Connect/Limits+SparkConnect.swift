import MartletCore

extension Limits {
    /// Port of a Spark Connect server when the address has none.
    static let sparkDefaultPort = 15_002
    /// Longest `sc://` address that is read.
    static let sparkURLBytes = 16_384
    /// Longest name of this program that the server is told; the reference clients have the same bound.
    static let sparkUserAgentBytes = 2_048
    /// Largest message in either direction: what the server and the reference clients take.
    static let sparkMessageBytes = 128 * 1_024 * 1_024
    /// Bytes that the server may send ahead of what was read, for each connection and each stream.
    static let sparkWindowBytes = 8 * 1_024 * 1_024
    /// Time without traffic after which the connection is probed.
    ///
    /// Servers close connections that are probed more often
    /// than each five minutes while nothing is sent.
    static let sparkKeepAliveSeconds = 300
    /// Longest wait for the answer to a probe.
    static let sparkKeepAliveAnswerSeconds = 20
    /// Messages of one execution that wait for their reader.
    ///
    /// With these full, the server is not read any further.
    static let sparkWaitingMessages = 2
    /// Bytes received after which the server is told that it may forget them.
    ///
    /// It keeps about 10 MB to repeat.
    static let sparkUnreleasedBytes = 4 * 1_024 * 1_024
    /// Messages received after which the server is told that it may forget them.
    static let sparkUnreleasedMessages = 64
    /// Largest batch that is put together from chunks.
    static let sparkBatchBytes = 1_024 * 1_024 * 1_024
    /// Most chunks of one batch.
    static let sparkBatchChunks = 65_536
    /// Longest time that an execution whose reader is gone may plan before it is interrupted.
    static let sparkPlanningSeconds = 5
    /// Longest time for telling the server to stop and forget an execution whose reader is gone.
    static let sparkCleanupSeconds = 10
    /// Longest time for one short request: configuration, interrupts, releases.
    static let sparkRequestSeconds = 60
    /// Times that a first connection is tried again.
    static let sparkConnectRetries = 4
    /// Times that a request is tried again, the count of the reference clients.
    static let sparkRetries = 15
    /// Longest wait that the server may ask for before a retry.
    static let sparkServerDelaySeconds = 600
    /// Depth of nested types, values and plans that are read or built.
    static let sparkNesting = 100
    /// Frames of a JVM stack that are kept of each cause.
    static let sparkStackFrames = 12
    /// Causes of a failure that are followed.
    static let sparkCauses = 16
    /// Bytes of one chunk of an artifact, the size that the reference clients send.
    static let sparkArtifactChunkBytes = 32 * 1_024
    /// Largest artifact.
    static let sparkArtifactBytes = 4 * 1_024 * 1_024 * 1_024
    /// Local data up to this size goes with the plan; larger data is uploaded before, once.
    static let sparkInlineDataBytes = 1_024 * 1_024
    /// Largest local data.
    static let sparkLocalDataBytes = 1_024 * 1_024 * 1_024
}
