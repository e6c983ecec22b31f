import Subprocess
import Synchronization

extension FFmpeg {
    private static let frameRateOption = Mutex<String?>(nil)

    /// The option that sets how frames are timed: `-fps_mode`, called `-vsync` before version 5.1.
    static func timingOption(path: String) async throws -> String {
        if programFolder == nil, let known = frameRateOption.withLock({ $0 }) { return known }
        let text = Mutex<[UInt8]>([])
        _ = try await run("ffmpeg", ["-version"], path: path) { piece in
            piece.withUnsafeBytes { bytes in text.withLock { $0.append(contentsOf: bytes) } }
            return true
        }
        let option = timingOption(
            versionText: String(decoding: text.withLock { $0 }, as: UTF8.self))
        if programFolder == nil { frameRateOption.withLock { $0 = option } }
        return option
    }

    /// The option by the text that `ffmpeg -version` prints. Versions without a number are recent.
    package static func timingOption(versionText: String) -> String {
        let words = versionText.split(separator: " ", maxSplits: 3)
        guard words.count > 2 else { return "-fps_mode" }
        let numbers = words[2].drop { !$0.isNumber && $0 != "N" }.split(separator: ".")
        guard let major = numbers.first.flatMap({ Int($0.prefix { $0.isNumber }) }), major < 1000
        else { return "-fps_mode" }
        let minor = numbers.count > 1 ? Int(numbers[1].prefix { $0.isNumber }) ?? 0 : 0
        return major > 5 || major == 5 && minor >= 1 ? "-fps_mode" : "-vsync"
    }
}
