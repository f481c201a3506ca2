// swift-tools-version: 6.2
import PackageDescription

// One list of settings for every target, so that no target is laxer than another.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A library or executable target of ours; its folder under `Sources/` has its name.
func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A target of tests, in `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Martlet", targets: ["Martlet"]),
        .library(name: "MartletCore", targets: ["MartletCore"]),
        // For Benchmarks/engine.
        .library(name: "MartletScheduling", targets: ["MartletScheduling"]),
        .library(name: "MartletSQLite", targets: ["MartletSQLite"]),
        .library(name: "MartletQuality", targets: ["MartletQuality"]),
        .library(name: "MartletTestKit", targets: ["MartletTestKit"]),
        .executable(name: "martlet", targets: ["MartletCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // Nouns.
        target("MartletCore", [collections]),
        // Decisions.
        target("MartletScheduling", ["MartletCore", collections, crypto]),
        target("MartletLake", ["MartletCore", collections, crypto]),
        target("MartletQuality", ["MartletCore", collections, crypto]),
        // The author's SDK.
        target("Martlet", ["MartletCore", argumentParser]),
        // Adapters.
        target("MartletSQLite", ["MartletCore", collections, grdb]),
        .target(name: "CDuckDB"),
        target("MartletDuckDB", ["MartletCore", "CDuckDB"]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        // Effects.
        .target(name: "CLinux"),
        target("MartletLakeStore", ["MartletCore", "MartletLake", "CZstd", "CLinux", collections, crypto]),
        target(
            "MartletRuntime",
            ["MartletCore", "MartletScheduling", "MartletQuality", "CLinux", collections, crypto]
        ),
        // Face and composition root.
        .executableTarget(
            name: "MartletCLI",
            dependencies: [
                "MartletCore", "MartletScheduling", "MartletLake", "MartletQuality", "MartletRuntime",
                "MartletLakeStore",
                "MartletSQLite",
                "MartletDuckDB",
                argumentParser, collections, yams,
            ],
            swiftSettings: settings
        ),
        // For tests only.
        target(
            "MartletTestKit",
            ["MartletCore", "MartletScheduling", "MartletLake", "MartletQuality", "MartletRuntime"]
        ),
        tests("MartletCoreTests", ["MartletCore", "MartletTestKit", collections]),
        tests("MartletSchedulingTests", ["MartletScheduling", "MartletCore", "MartletTestKit"]),
        tests("MartletLakeTests", ["MartletLake", "MartletCore", "MartletTestKit"]),
        tests("MartletQualityTests", ["MartletQuality", "MartletDuckDB", "MartletCore", "MartletTestKit"]),
        .executableTarget(
            name: "dvc-yaml",
            dependencies: ["MartletLake"],
            path: "Tests/Helpers/dvc-yaml",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "lake-crash-writer",
            dependencies: ["MartletCore", "MartletLake", "MartletLakeStore"],
            path: "Tests/Helpers/lake-crash-writer",
            swiftSettings: settings
        ),
        tests(
            "MartletLakeStoreTests",
            ["MartletLakeStore", "MartletLake", "MartletCore", "MartletTestKit", "lake-crash-writer"]
        ),
        tests("MartletTests", ["Martlet", "MartletCore"]),
        .executableTarget(
            name: "sqlite-crash-writer",
            dependencies: ["MartletCore", "MartletSQLite"],
            path: "Tests/Helpers/sqlite-crash-writer",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "incident-sender",
            dependencies: ["MartletCore", "MartletQuality", "MartletRuntime", "MartletSQLite"],
            path: "Tests/Helpers/incident-sender",
            swiftSettings: settings
        ),
        tests("MartletSQLiteTests", ["MartletSQLite", "MartletCore", "MartletTestKit", "sqlite-crash-writer", grdb]),
        tests("MartletTestKitTests", ["MartletTestKit", "MartletCore"]),
        tests("MartletDuckDBTests", ["MartletDuckDB", "MartletCore", "MartletTestKit"]),
        tests(
            "MartletRuntimeTests",
            ["MartletRuntime", "MartletCore", "MartletScheduling", "MartletQuality", "MartletTestKit", collections]
        ),
        tests(
            "MartletCLITests",
            ["MartletCLI", "MartletCore", "MartletQuality", "MartletRuntime", "MartletTestKit", collections, yams]
        ),
        tests("EndToEndTests", ["MartletCore", "MartletTestKit", "MartletCLI", "incident-sender"]),
    ]
)
