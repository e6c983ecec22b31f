import Media
import Testing

@Test("The colour map begins as the one of PASCAL VOC does")
func davisColours() {
    let first = [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128)]
    for (index, (red, green, blue)) in first.enumerated() {
        #expect(
            Palette.davis[UInt8(index)]
                == RGB(red: UInt8(red), green: UInt8(green), blue: UInt8(blue)))
    }
    #expect(Palette.davis[255] == RGB(red: 224, green: 224, blue: 192))
    #expect(Set(Palette.davis.colours).count == 256)
}
