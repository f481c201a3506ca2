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
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport = Target.Dependency.product(
    name: "GRPCNIOTransportHTTP2Posix",
    package: "grpc-swift-nio-transport"
)
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
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
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
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
        target("MartletStreams", ["MartletCore", crypto]),
        // The author's SDK.
        target("Martlet", ["MartletCore", argumentParser]),
        // Adapters.
        target("MartletSQLite", ["MartletCore", collections, grdb]),
        .target(name: "CDuckDB"),
        target("MartletDuckDB", ["MartletCore", "CArrow", "CDuckDB"]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .target(
            name: "CCodecs",
            linkerSettings: [.linkedLibrary("z"), .linkedLibrary("lz4"), .linkedLibrary("snappy")]
        ),
        target(
            "MartletBroker",
            ["MartletCore", "CCodecs", "CZstd", "CLinux", collections, crypto, nioCore, nioHTTP1, nioPosix, nioSSL]
        ),
        .target(name: "CRdkafka"),
        target("MartletKafka", ["MartletCore", "CRdkafka"]),
        .target(name: "CArrow"),
        .target(
            name: "MartletSpark",
            dependencies: ["MartletCore", "CArrow", "CZstd", "CCodecs", crypto, grpcCore, grpcTransport, protobuf],
            // What generated files are made from.
            exclude: [
                "Connect/Protocol/google_rpc.proto", "Connect/Protocol/spark_connect.proto", "Templates/Files",
            ],
            swiftSettings: settings
        ),
        // Effects.
        .target(name: "CLinux"),
        target("MartletLakeStore", ["MartletCore", "MartletLake", "CZstd", "CLinux", collections, crypto]),
        target(
            "MartletRuntime",
            ["MartletCore", "MartletScheduling", "MartletQuality", "MartletStreams", "CLinux", collections, crypto]
        ),
        // Face and composition root.
        .executableTarget(
            name: "MartletCLI",
            dependencies: [
                "MartletCore", "MartletScheduling", "MartletLake", "MartletQuality", "MartletRuntime",
                "MartletLakeStore",
                "MartletSQLite",
                "MartletDuckDB",
                "MartletBroker", "MartletKafka", "MartletStreams", "MartletSpark",
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
        // Measures what nobody outside the package can reach.
        .executableTarget(
            name: "stream-engine-bench",
            dependencies: ["MartletCore", "MartletStreams"],
            path: "Benchmarks/compare/streams/engine",
            swiftSettings: settings
        ),
        tests("MartletStreamsTests", ["MartletStreams", "MartletCore", "MartletTestKit", crypto]),
        tests(
            "MartletBrokerTests",
            ["MartletBroker", "MartletKafka", "MartletCore", "MartletTestKit", collections, nioCore, nioPosix]
        ),
        tests("MartletKafkaTests", ["MartletKafka", "CRdkafka", "MartletCore", "MartletTestKit"]),
        tests(
            "MartletSparkTests",
            [
                "MartletSpark", "MartletDuckDB", "CArrow", "MartletCore", "MartletTestKit", grpcCore, grpcTransport,
                protobuf,
            ]
        ),
        // Measures what nobody outside the package can reach.
        .executableTarget(
            name: "arrow-bench",
            dependencies: ["MartletCore", "MartletSpark"],
            path: "Benchmarks/compare/spark/arrow",
            exclude: ["compare.py"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "spark-client-bench",
            dependencies: ["MartletSpark"],
            path: "Benchmarks/compare/spark/client",
            swiftSettings: settings
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
        .executableTarget(
            name: "stream-crash-runner",
            dependencies: ["MartletCore", "MartletStreams", "MartletKafka", "MartletRuntime", "MartletSQLite"],
            path: "Tests/Helpers/stream-crash-runner",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "trigger-crash-runner",
            dependencies: ["MartletCore", "MartletKafka", "MartletRuntime"],
            path: "Tests/Helpers/trigger-crash-runner",
            swiftSettings: settings
        ),
        tests(
            "StreamRuntimeTests",
            [
                "MartletRuntime", "MartletStreams", "MartletKafka", "MartletBroker", "MartletSQLite", "MartletCore",
                "MartletTestKit", "stream-crash-runner", "trigger-crash-runner", grdb,
            ]
        ),
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
