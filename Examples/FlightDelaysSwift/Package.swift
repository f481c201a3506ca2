// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "FlightDelaysSwift",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "martlet", path: "../..")],
    targets: [
        .executableTarget(
            name: "FlightDelays",
            dependencies: [.product(name: "Martlet", package: "martlet")]
        ),
        .testTarget(
            name: "FlightDelaysTests",
            dependencies: ["FlightDelays", .product(name: "MartletTestKit", package: "martlet")]
        ),
    ]
)
