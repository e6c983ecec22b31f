import Foundation

/// Text with the characters that mean something to HTML written out.
package func htmlText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case _ where scalar.value < 0x20: result += " "
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// A score for people: three decimals, a dash for what is not a number.
func htmlScore(_ value: Double) -> String {
    value.isNaN ? "–" : String(format: "%.3f", value)
}

/// A coordinate in a drawing.
func htmlCoordinate(_ value: Double) -> String { String(format: "%.2f", value) }

/// A picture as it stands in a page.
func dataAddress(jpeg bytes: [UInt8]) -> String {
    "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
}
