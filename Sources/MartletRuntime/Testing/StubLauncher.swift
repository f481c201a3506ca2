public import MartletCore
public import MartletScheduling
import Synchronization

/// A launcher that answers for stubbed steps and leaves the others to another one.
public final class StubLauncher: StepLauncher {
    private let base: any StepLauncher
    private let setup: TestSetup
    private let shelf: FixtureShelf
    private let seen = Mutex<[AttemptLaunch]>([])

    /// A launcher with the stubs of `setup`, whose outputs are on `shelf`; all else goes to `base`.
    public init(_ base: any StepLauncher, _ setup: TestSetup, _ shelf: FixtureShelf) {
        self.base = base
        self.setup = setup
        self.shelf = shelf
    }

    /// Every attempt so far, in the order in which they were launched.
    public var launches: [AttemptLaunch] { seen.withLock { $0 } }

    /// Ends as the step's stub says, or runs the attempt.
    public func launch(
        _ launch: AttemptLaunch,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome {
        seen.withLock { $0.append(launch) }
        guard let stub = setup.stub(of: launch.context.instance) else {
            return await base.launch(launch, report: report)
        }
        if let command = stub.command {
            var other = launch
            other.step.action = .command(command)
            return await base.launch(other, report: report)
        }
        do throws(MartletError) {
            return try answer(launch, stub, report)
        } catch {
            return AttemptOutcome(.failed, error: error, retryable: false)
        }
    }

    private func answer(
        _ launch: AttemptLaunch,
        _ stub: StepStub,
        _ report: (StepMessage) -> Void
    ) throws(MartletError) -> AttemptOutcome {
        let (instance, attempt) = (launch.context.instance, launch.context.attempt)
        let layout = AttemptLayout(root: launch.directory)
        try FileSystem.makeFolder(layout.root)
        try FileSystem.create(layout.log, Array("the test answered for this step\n".utf8))
        try FileSystem.create(layout.context, JSONText.data(launch.context))
        guard stub.ending(of: attempt) == .success else { return stub.outcome(of: attempt, instance.step, outputs: []) }
        for (name, number) in stub.metrics.sorted(by: { $0.key < $1.key }) {
            report(.metric(name: name, value: number))
        }
        for (name, value) in stub.values.sorted(by: { $0.key < $1.key }) {
            if let name = PortName(rawValue: name) { report(.value(name: name, value: value)) }
        }
        var outputs: [DatasetOutput] = []
        for output in launch.step.outputs { outputs.append(try written(output, instance, launch, layout)) }
        return stub.outcome(of: attempt, instance.step, outputs: outputs)
    }

    /// The fixture itself, which is read where it lies; an empty file where there is none.
    private func written(
        _ output: OutputSpec,
        _ instance: InstanceID,
        _ launch: AttemptLaunch,
        _ layout: AttemptLayout
    ) throws(MartletError) -> DatasetOutput {
        var path = launch.context.outputs[output.name.rawValue]?.path ?? "\(layout.outputs)/\(output.name)"
        var format = output.format
        if let fixture = shelf.fixture(for: output, of: instance) {
            (path, format) = (fixture.path, fixture.format)
        } else {
            try FileSystem.makeFolder(layout.outputs)
            try FileSystem.create(path, [])
        }
        let bytes = FileSystem.size(of: path) ?? 0
        return DatasetOutput(name: output.name, dataset: output.dataset, path: path, format: format, bytes: bytes)
    }
}
