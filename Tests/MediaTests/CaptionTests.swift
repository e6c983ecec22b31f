import Media
import Tensor
import Testing

/// Without a font there is nothing to draw with, and captions are left out.
@Suite("Captions", .enabled(if: Font.system != nil))
struct CaptionTests {
    @Test("Text has the height of its line and ink where its letters are")
    func coverage() throws {
        let font = try #require(Font.system)
        let text = font.coverage(of: "giraffe 0.97", size: 20)
        #expect(text.shape[0] >= 20 && text.shape[0] < 32)
        #expect(text.shape[1] > 60 && text.shape[1] < 200)
        #expect(text.scalars.contains(255))
        #expect(font.coverage(of: "", size: 20).shape[1] == 0)
        // A letter that no font has must not trap.
        #expect(font.coverage(of: "\u{10FFFF}", size: 20).shape[0] > 0)
    }

    @Test(
        "A caption stays within the image, wherever its object is",
        arguments: [(0, 0), (59, 199), (30, 100), (-5, -5), (500, 500)])
    func place(top: Int, left: Int) {
        let image = Tensor<UInt8>(repeating: 7, shape: [60, 200, 3])
        let result = Overlay().captioned(image, [Caption("dog", label: 1, top: top, left: left)])
        #expect(result.shape == image.shape)
        #expect(result.scalars != image.scalars)
    }

    @Test("Captions of objects at the same place lie below each other")
    func collisions() {
        let image = Tensor<UInt8>(repeating: 7, shape: [100, 200, 3])
        let one = [Caption("dog", label: 1, top: 50, left: 20)]
        let two = one + [Caption("cat", label: 2, top: 50, left: 20)]
        func changed(_ captions: [Caption]) -> Int {
            let result = Overlay().captioned(image, captions).scalars
            return zip(result, image.scalars).count { $0 != $1 }
        }
        // Bars of about the same size: twice the pixels, less the difference of the words.
        #expect(Double(changed(two)) > 1.7 * Double(changed(one)))
    }

    @Test("An image that is too small for the text keeps its pixels")
    func tooSmall() {
        let image = Tensor<UInt8>(repeating: 7, shape: [8, 8, 3])
        let captions = [Caption("earless seal", label: 1, top: 0, left: 0)]
        #expect(Overlay().captioned(image, captions) == image)
        #expect(Overlay().captioned(image, captions, font: nil) == image)
    }
}
