import Foundation
import Glibc
import MartletCore
import MartletDuckDB
import MartletKafka
import MartletRuntime

/// Everything `martlet doctor` looks at, each by really using it.
struct HealthChecks {
    let directory: String

    func all() async -> [HealthCheck] {
        var checks = [martlet()]
        let workspace = try? Workspace(containing: directory)
        checks.append(project(workspace))
        if let workspace { checks += [await store(workspace), pipelines(workspace)] }
        checks.append(await duckDB())
        checks.append(kafka())
        checks += python(workspace?.project.python ?? "python3")
        checks += [timeZones(), diskSpace()]
        return checks
    }

    private func martlet() -> HealthCheck {
        HealthCheck(name: "martlet", state: .ok, detail: "\(MartletVersion.text) at \(Workspace.ownExecutable)")
    }

    private func project(_ workspace: Workspace?) -> HealthCheck {
        guard let workspace else {
            return HealthCheck(
                name: "project",
                state: .warning,
                detail: "martlet.yaml is not sound, or the folder cannot be read",
                remedy: "see `martlet validate`"
            )
        }
        let file = "\(workspace.layout.root)/martlet.yaml"
        if FileManager.default.fileExists(atPath: file) {
            return HealthCheck(name: "project", state: .ok, detail: workspace.layout.root)
        }
        return HealthCheck(
            name: "project",
            state: .warning,
            detail: "no martlet.yaml in \(directory) or above",
            remedy: "start a project with `martlet init`"
        )
    }

    private func store(_ workspace: Workspace) async -> HealthCheck {
        // Looking must not leave a store behind where there is none.
        guard FileManager.default.fileExists(atPath: workspace.layout.state) else {
            let writable = access(workspace.layout.root, W_OK) == 0
            return HealthCheck(
                name: "state store",
                state: writable ? .ok : .missing,
                detail: writable ? "none yet; the first run makes it" : "\(workspace.layout.root) is not writable",
                remedy: writable ? nil : "make the folder writable"
            )
        }
        do throws(MartletError) {
            let store = try workspace.openStore()
            let runs = try await store.runs(RunFilter(limit: 100_000))
            await store.close()
            let interrupted = runs.filter(workspace.isInterrupted)
            return HealthCheck(
                name: "state store",
                state: interrupted.isEmpty ? .ok : .warning,
                detail: "\(workspace.project.state), \(runs.count) runs"
                    + (interrupted.isEmpty ? "" : ", \(interrupted.count) interrupted"),
                remedy: interrupted.first.map { "go on with `martlet runs resume \($0.id)`" }
            )
        } catch {
            return HealthCheck(name: "state store", state: .missing, detail: error.message, remedy: error.remedy)
        }
    }

    private func pipelines(_ workspace: Workspace) -> HealthCheck {
        let files = (try? ProjectPipelines.files(in: workspace.layout.root)) ?? []
        let bad = files.filter { (try? PipelineArgument.load($0, in: workspace.layout.root)) == nil }
        if files.isEmpty {
            return HealthCheck(
                name: "pipelines",
                state: .warning,
                detail: "none found",
                remedy: "write one in pipelines/, or start from `martlet init`"
            )
        }
        return HealthCheck(
            name: "pipelines",
            state: bad.isEmpty ? .ok : .warning,
            detail: bad.isEmpty ? "\(files.count), all sound" : "\(bad.count) of \(files.count) have errors",
            remedy: bad.isEmpty ? nil : "see `martlet validate`"
        )
    }

    private func duckDB() async -> HealthCheck {
        let folder = NSTemporaryDirectory() + "martlet-doctor-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do throws(MartletError) {
            try FileSystem.makeFolder(folder)
            let engine = DuckDBEngine(environment: ProcessInfo.processInfo.environment)
            let output = TableOutput(name: "version", path: "\(folder)/version.csv", format: .csv)
            let transform = SQLTransform(
                script: "SELECT 1 AS one",
                outputs: [output],
                settings: SQLTransform.Settings(temporaryDirectory: folder)
            )
            let result = try await engine.transform(transform) { _ in }
            return HealthCheck(name: "SQL engine", state: .ok, detail: result.engine)
        } catch {
            return HealthCheck(
                name: "SQL engine",
                state: .missing,
                detail: error.message,
                remedy: "\(error.remedy ?? "run bin/setup"); only SQL steps need it"
            )
        }
    }

    private func kafka() -> HealthCheck {
        do throws(MartletError) {
            let library = try KafkaLibrary.load(environment: ProcessInfo.processInfo.environment)
            return HealthCheck(name: "Kafka client", state: .ok, detail: "librdkafka \(library.version)")
        } catch {
            return HealthCheck(
                name: "Kafka client",
                state: .missing,
                detail: error.message,
                remedy: "\(error.remedy ?? "run bin/setup"); only streams need it"
            )
        }
    }

    private func python(_ interpreter: String) -> [HealthCheck] {
        guard let version = answer([interpreter, "-c", "import sys; print(sys.version.split()[0], sys.executable)"])
        else {
            return [
                HealthCheck(
                    name: "Python",
                    state: .missing,
                    detail: "\(interpreter) does not start",
                    remedy: "apt-get install python3, or set python: in martlet.yaml; only Python steps need it"
                )
            ]
        }
        let hasVenv = answer([interpreter, "-c", "import venv, ensurepip"]) != nil
        return [
            HealthCheck(name: "Python", state: .ok, detail: version),
            HealthCheck(
                name: "Python venv",
                state: hasVenv ? .ok : .missing,
                detail: hasVenv ? "venv and pip" : "no venv or ensurepip",
                remedy: hasVenv ? nil : "apt-get install python3-venv; steps with requirements: need it"
            ),
        ]
    }

    private func timeZones() -> HealthCheck {
        let found = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/America/New_York")
        return HealthCheck(
            name: "time zones",
            state: found ? .ok : .warning,
            detail: found ? "/usr/share/zoneinfo" : "no time zone database",
            remedy: found ? nil : "apt-get install tzdata"
        )
    }

    private func diskSpace() -> HealthCheck {
        var info = statvfs()
        guard statvfs(directory, &info) == 0 else {
            return HealthCheck(name: "disk", state: .warning, detail: "\(directory) cannot be looked at")
        }
        let free = Int(info.f_bavail) * Int(info.f_frsize)
        return HealthCheck(
            name: "disk",
            state: free < 1 << 30 ? .warning : .ok,
            detail: "\(NumberText.bytes(free)) free",
            remedy: free < 1 << 30 ? "free some space before large runs" : nil
        )
    }

    private func answer(_ words: [String]) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text.split(separator: "\n").first.map(String.init) ?? "" : nil
    }
}
