// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "consumer",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/martlet/martlet", from: "0.1.0")],
    targets: [
        .executableTarget(
            name: "consumer",
            dependencies: [
                .product(name: "Checkpoints", package: "martlet"),
                .product(name: "Models", package: "martlet"),
                .product(name: "Tensor", package: "martlet"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
