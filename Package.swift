// swift-tools-version: 6.2
import PackageDescription

// The vector code is built for x86-64-v3 (AVX2 and FMA). `MARTLET_X86_LEVEL` chooses another level at
// build time (for example x86-64-v2 for an old machine, x86-64-v4 for AVX-512). Manifests from tools
// version 6.2 on may carry these flags in versioned dependencies too.
#if arch(x86_64)
let level = Context.environment["MARTLET_X86_LEVEL"] ?? "x86-64-v3"
let hasFMA = !["x86-64", "x86-64-v2"].contains(level)
let instructionSet: [String] =
    ["-Xcc", "-march=\(level)"] + (hasFMA ? ["-DMARTLET_FMA"] : [])
/// What the program asks of the machine before it runs the vector code: 1 (baseline) to 4.
let levelNumber = ["x86-64": "1", "x86-64-v2": "2", "x86-64-v4": "4"][level] ?? "3"
/// Of the one micro-kernel that is chosen at run time.
let wideInstructionSet = ["-Xcc", "-march=x86-64-v4"]
#else
let levelNumber = "1"
let instructionSet: [String] = ["-DMARTLET_FMA"]
let wideInstructionSet: [String] = []
#endif

/// Kernels work on raw buffers whose bounds were checked above them: no checks inside.
let kernels: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"] + instructionSet)]
let library: [SwiftSetting] = [.unsafeFlags(instructionSet)]

#if os(macOS)
let blas: [Target.Dependency] = []
let blasTargets: [Target] = []
#else
let blas: [Target.Dependency] = ["COpenBLAS"]
let blasTargets: [Target] = [
    .systemLibrary(
        name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])])
]
#endif

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Tensor", targets: ["Tensor"]),
        .library(name: "Checkpoints", targets: ["Checkpoints"]),
        .library(name: "Layers", targets: ["Layers"]),
        .library(name: "Models", targets: ["Models"]),
        .library(name: "Masks", targets: ["Masks"]),
        .library(name: "Media", targets: ["Media"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
        .library(name: "Gradients", targets: ["Gradients"]),
        .library(name: "Training", targets: ["Training"]),
        .executable(name: "segment", targets: ["segment"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: blasTargets + [
        .systemLibrary(
            name: "CSpng", pkgConfig: "spng",
            providers: [.apt(["libspng-dev"]), .brew(["libspng"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CFreeType", pkgConfig: "freetype2",
            providers: [.apt(["libfreetype-dev"]), .brew(["freetype"])]),
        .target(
            name: "CInstructionSet", cSettings: [.define("MARTLET_X86_LEVEL", to: levelNumber)]),

        .target(
            name: "WideKernels",
            swiftSettings: [.unsafeFlags(["-Ounchecked"] + wideInstructionSet)]),
        .target(
            name: "Kernels", dependencies: ["CInstructionSet", "WideKernels"] + blas,
            swiftSettings: kernels),
        .target(name: "Tensor", dependencies: ["Kernels"], swiftSettings: library),
        .target(
            name: "Gradients", dependencies: ["Kernels", "Tensor"], swiftSettings: library),
        .target(name: "FileAccess"),
        .target(
            name: "Checkpoints", dependencies: ["Kernels", "Tensor", "FileAccess"],
            swiftSettings: library),
        .target(
            name: "Layers", dependencies: ["Kernels", "Tensor", "Checkpoints"],
            swiftSettings: library),
        .target(name: "Masks", dependencies: ["Kernels", "Tensor"], swiftSettings: library),
        .target(
            name: "Models", dependencies: ["Tensor", "Checkpoints", "Layers", "Masks"],
            swiftSettings: library),
        .target(
            name: "Media",
            dependencies: [
                "Tensor", "FileAccess", "Masks", "CFreeType", "CSpng", "CTurboJPEG",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: library),

        .target(
            name: "Evaluation",
            dependencies: ["Kernels", "Tensor", "FileAccess", "Masks", "Media"],
            swiftSettings: library),

        .target(
            name: "Training",
            dependencies: [
                "Kernels", "Tensor", "Gradients", "FileAccess", "Checkpoints", "Models", "Masks",
                "Media", "Evaluation",
            ],
            swiftSettings: library),

        // Built for the baseline instruction set: it looks at the machine before anything else runs.
        .executableTarget(
            name: "segment",
            dependencies: [
                "CInstructionSet", "FileAccess", "Kernels", "Tensor", "Checkpoints", "Layers",
                "Models", "Masks", "Media", "Evaluation", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(
            name: "TestSupport", dependencies: ["Tensor", "Checkpoints", "Layers"],
            path: "Tests/TestSupport", swiftSettings: library),
        // The benchmarks' table of cases, for the tests; the package there compiles it for itself.
        .target(
            name: "Workloads", dependencies: ["Checkpoints", "Gradients", "Layers", "Tensor"],
            path: "Benchmarks/Sources/Workloads", swiftSettings: library),
        .testTarget(
            name: "WorkloadsTests",
            dependencies: ["Workloads", "Checkpoints", "Layers", "Tensor", "TestSupport"],
            swiftSettings: library),
        .testTarget(
            name: "TensorTests", dependencies: ["Kernels", "Tensor", "Checkpoints", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "GradientsTests",
            dependencies: [
                "Gradients", "Kernels", "Tensor", "Checkpoints", "Layers", "Models", "TestSupport",
            ],
            swiftSettings: library),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Training", "Gradients", "Models", "Checkpoints", "Media", "FileAccess", "Tensor",
                "TestSupport",
            ],
            swiftSettings: library),
        .testTarget(
            name: "CheckpointsTests", dependencies: ["Checkpoints", "Tensor", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "LayersTests",
            dependencies: ["Layers", "Checkpoints", "Tensor", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "MasksTests", dependencies: ["Masks", "Tensor", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Evaluation", "Masks", "Media", "Tensor", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "ModelsTests",
            dependencies: ["Models", "Masks", "Layers", "Checkpoints", "Tensor", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "MediaTests", dependencies: ["Media", "Tensor", "TestSupport"],
            resources: [.copy("Fixtures")], swiftSettings: library),
        .testTarget(
            name: "SegmentTests",
            dependencies: [
                "segment", "Media", "Masks", "Models", "Evaluation", "Checkpoints", "Tensor",
                "TestSupport",
            ],
            resources: [.copy("Fixtures")], swiftSettings: library),
    ],
    swiftLanguageModes: [.v6]
)
