// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of the library do not build it.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "martlet", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // The root package has a target of this folder, too: for its tests.
        .target(
            name: "Workloads",
            dependencies: [
                .product(name: "Checkpoints", package: "martlet"),
                .product(name: "Gradients", package: "martlet"),
                .product(name: "Layers", package: "martlet"),
                .product(name: "Tensor", package: "martlet"),
            ]),
        .executableTarget(
            name: "kernels",
            dependencies: [
                "Workloads",
                .product(name: "Tensor", package: "martlet"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
