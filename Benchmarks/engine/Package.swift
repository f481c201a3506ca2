// swift-tools-version: 6.2
import PackageDescription

// Apart from `martlet-bench`, which links nothing of Martlet: this one measures its parts from inside.
let package = Package(
    name: "martlet-engine-benchmarks",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "engine-bench", targets: ["EngineBench"])],
    dependencies: [.package(name: "martlet", path: "../..")],
    targets: [
        .executableTarget(
            name: "EngineBench",
            dependencies: [
                .product(name: "MartletCore", package: "martlet"),
                .product(name: "MartletScheduling", package: "martlet"),
                .product(name: "MartletSQLite", package: "martlet"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
            ]
        )
    ]
)
