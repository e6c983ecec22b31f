import Evaluation
import Foundation
import Media
import Tensor
import Testing

/// The report page, as text and as a browser shows it.
@Suite struct ReportPageTests {
    /// Two sequences of 24 frames of 40 x 60: a bright square that the prediction finds, and one that it loses.
    private struct Scene {
        let folder: String

        init() throws {
            folder =
                FileManager.default.temporaryDirectory
                .appendingPathComponent("report-\(UInt64.random(in: 0...UInt64.max))").path
            for (sequence, shift) in [("good", 1), ("<lost>", 9)] {
                for place in ["JPEGImages/480p", "Annotations/480p", "predictions"] {
                    try FileManager.default.createDirectory(
                        atPath: "\(folder)/\(place)/\(sequence)", withIntermediateDirectories: true)
                }
                for frame in 0..<24 {
                    let name = "\(sequence)/000\(frame < 10 ? "0" : "")\(frame)"
                    let truth = Self.square(at: 10 + frame)
                    let drift = frame >= 12 ? shift : 0
                    let image = Tensor(
                        truth.scalars.flatMap { [$0 == 0 ? 90 : 200, 120, 80] as [UInt8] },
                        shape: [40, 60, 3])
                    try ImageFile.write(rgb: image, to: "\(folder)/JPEGImages/480p/\(name).png")
                    try ImageFile.write(
                        indices: truth, to: "\(folder)/Annotations/480p/\(name).png")
                    try ImageFile.write(
                        indices: Self.square(at: 10 + frame + drift),
                        to: "\(folder)/predictions/\(name).png")
                }
            }
        }

        private static func square(at column: Int) -> Tensor<UInt8> {
            Tensor(
                (0..<40 * 60).map { pixel in
                    (10..<26).contains(pixel / 60) && (column..<column + 16).contains(pixel % 60)
                        ? 1 : 0
                }, shape: [40, 60])
        }

        func page(of metric: String = "davis16", mostPictures: Int = 800) throws -> ReportPage {
            let metric = try #require(EvaluationMetrics.named(metric) as? any FramewiseMetric)
            let request = EvaluationRequest(
                predictions: "\(folder)/predictions", groundTruth: folder,
                sequences: ["<lost>", "good"])
            var options = ReportPage.Options()
            options.mostPictures = mostPictures
            return ReportPage(
                title: "A & B",
                sequences: try ReportSources(request, frames: nil).sequences(scoredBy: metric),
                scores: try metric.evaluate(request), options: options)
        }

        func remove() { try? FileManager.default.removeItem(atPath: folder) }
    }

    private func count(_ part: String, in text: String) -> Int {
        text.components(separatedBy: part).count - 1
    }

    @Test func everythingIsInThePage() throws {
        let scene = try Scene()
        defer { scene.remove() }
        let html = try scene.page().html()
        #expect(html.contains("<title>A &amp; B</title>"))
        #expect(!html.contains("<lost>"))
        // Two sequences of six frames, four pictures each.
        #expect(count("src=\"data:image/jpeg;base64,", in: html) == 48)
        #expect(count("<img", in: html) == 48)
        for outside in ["http:", "https:", "src=\"/", "href=\"/", "url("] {
            #expect(!html.contains(outside), "\(outside)")
        }
        #expect(count("<svg", in: html) == 2)
    }

    @Test func theWorstSequenceAndFrameComeFirst() throws {
        let scene = try Scene()
        defer { scene.remove() }
        let html = try scene.page().html()
        let lost = try #require(html.range(of: "<h2>&lt;lost&gt;"))
        let good = try #require(html.range(of: "<h2>good"))
        #expect(lost.lowerBound < good.lowerBound)
        // The square is 16 wide and 9 off: a third of the union of two thirds on each side.
        let first = try #require(html.range(of: "<figcaption>"))
        #expect(html[first.upperBound...].prefix(120).contains("J 0.280"))
    }

    @Test(arguments: ["davis16", "davis17", "davis16-medvt"])
    func everyFramewiseMetricHasAPage(_ metric: String) throws {
        let scene = try Scene()
        defer { scene.remove() }
        #expect(try scene.page(of: metric).html().contains("</html>"))
    }

    @Test func manyPicturesAreFewerASequence() throws {
        let scene = try Scene()
        defer { scene.remove() }
        #expect(count("<img", in: try scene.page(mostPictures: 16).html()) == 16)
    }

    @Test func predictionsAloneHaveAPage() throws {
        let scene = try Scene()
        defer { scene.remove() }
        let sources = ReportSources(
            EvaluationRequest(predictions: "\(scene.folder)/predictions", groundTruth: ""),
            frames: "\(scene.folder)/JPEGImages/480p")
        let html = try ReportPage(title: "Alone", sequences: try sources.predictedSequences())
            .html()
        #expect(count("<img", in: html) == 24)
        #expect(html.contains("share of the frame"))
    }

    @Test func aFolderWithoutMasksIsNamed() throws {
        let scene = try Scene()
        defer { scene.remove() }
        let sources = ReportSources(
            EvaluationRequest(predictions: "\(scene.folder)/JPEGImages", groundTruth: ""),
            frames: nil)
        #expect(throws: EvaluationError.self) {
            _ = try ReportSources(
                EvaluationRequest(predictions: "\(scene.folder)/nothing", groundTruth: ""),
                frames: nil
            ).predictedSequences()
        }
        #expect(throws: EvaluationError.self) { _ = try sources.predictedSequences() }
    }

    // MARK: - In a browser

    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// What headless Chromium shows of the page, and what it says.
    private func show(
        _ html: String, width: Int, in folder: String
    ) throws -> (image: Tensor<UInt8>, messages: String) {
        let page = "\(folder)/page.html"
        let picture = "\(folder)/page.png"
        try Data(html.utf8).write(to: URL(fileURLWithPath: page))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.browser))
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--user-data-dir=\(folder)/profile", "--window-size=\(width),1600",
            "--force-device-scale-factor=1", "--enable-logging=stderr",
            "--screenshot=\(picture)", "file://\(page)",
        ]
        let messages = Pipe()
        process.standardError = messages
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(
            decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return (try ImageFile.read(picture), text)
    }

    @Test(.enabled(if: browser != nil), arguments: [1280, 500])
    func aBrowserShowsIt(width: Int) throws {
        let scene = try Scene()
        defer { scene.remove() }
        let (image, messages) = try show(try scene.page().html(), width: width, in: scene.folder)
        // The script ran, and the page's own policy refused nothing.
        #expect(!messages.contains("Uncaught"))
        #expect(!messages.contains("Content Security Policy"))
        #expect(image.shape == [1600, width, 3])
        // The difference's two colours, which nothing but the pictures has so often.
        var orange = 0
        var blue = 0
        let levels = image.scalars.map(Int.init)
        for pixel in stride(from: 0, to: levels.count, by: 3) {
            let (red, green, azure) = (levels[pixel], levels[pixel + 1], levels[pixel + 2])
            if red > 190, (80...150).contains(green), azure < 90 { orange += 1 }
            if red < 90, (90...160).contains(green), azure > 190 { blue += 1 }
        }
        #expect(orange > 500, "\(orange) pixels of what only the prediction has")
        #expect(blue > 500, "\(blue) pixels of what only the truth has")
    }
}
