// swift-tools-version: 6.2
import PackageDescription

// Nothing of Martlet is linked here: what is measured is the built `martlet` as a process, so this builds in seconds.
let package = Package(
    name: "martlet-benchmarks",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "martlet-bench", targets: ["MartletBench"])
    ],
    targets: [
        .executableTarget(name: "bench-stamp"),
        .executableTarget(
            name: "MartletBench",
            // It is started, not linked.
            dependencies: ["bench-stamp"],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
            ]
        ),
    ]
)
