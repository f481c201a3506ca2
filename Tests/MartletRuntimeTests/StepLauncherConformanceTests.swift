import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.conformance)) struct StepLauncherConformanceTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: StepLauncherConformance.allCases) func fake(_ behaviour: StepLauncherConformance) async throws {
        try await behaviour.check(FakeLauncher(), in: scratch.path)
    }

    @Test(arguments: StepLauncherConformance.allCases) func processes(_ behaviour: StepLauncherConformance) async throws
    {
        let launcher = LocalLauncher(
            LocalLauncher.Configuration(
                martlet: "martlet",
                python: "python3",
                pythonCache: "\(scratch.path)/python",
                environment: ["PATH": "/usr/bin:/bin"]
            )
        )
        try await behaviour.check(launcher, in: scratch.path)
    }
}
