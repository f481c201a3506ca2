import MartletCore

/// What fills the inbox of a running stream, each part in a task of its own.
struct StreamFeed: Sendable {
    let inbox: StreamInbox
    let timer: StreamTimer
    let options: StreamRunnerOptions
    let observer: any StreamRunObserver

    /// Reads the source until it ends or the run is over.
    ///
    /// An error that is not fatal ends nothing: the client goes on by itself, and only many in a row without anything
    /// read between them mean that it will not.
    func read(_ source: any StreamSource) async {
        var failures = 0
        while !Task.isCancelled {
            do throws(StreamError) {
                guard let event = try await source.next() else { return await inbox.put(.sourceEnded(nil)) }
                failures = 0
                await inbox.put(.event(event))
            } catch {
                if error.disposition == .cancelled { return }
                failures += 1
                if error.disposition == .fatal || failures > options.retries {
                    return await inbox.put(.sourceEnded(error))
                }
                observer.notices(.readFailed(error, attempt: failures))
                do { try await timer.sleep(options.backoff(failures)) } catch { return }
            }
        }
    }

    /// Lets the engine know that time passes.
    func tick() async {
        while !Task.isCancelled {
            do { try await timer.sleep(options.tickInterval) } catch { return }
            inbox.tick()
        }
    }

    /// Asks from time to time how far the partitions reach: what has come but is not read yet holds event time back.
    func watch(_ client: any StreamClient, _ topic: String, _ partitions: [TopicPartition]) async {
        var known = partitions.count
        while !Task.isCancelled {
            do { try await timer.sleep(options.lagInterval) } catch { return }
            var ends = [TopicPartition: Int64]()
            for partition in partitions {
                if Task.isCancelled { return }
                // What cannot be told now is told later; reading has its own errors.
                do throws(StreamError) { ends[partition] = try await client.offsets(of: partition).high } catch {
                    break
                }
            }
            inbox.put(ends: ends)
            if let now = try? await client.partitions(of: topic).count, now > known {
                observer.notices(.partitionsAdded(now - known))
                known = now
            }
        }
    }
}
