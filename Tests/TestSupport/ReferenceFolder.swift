#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of reference cases that may lie beside the package: `../shared/reference`.
public enum ReferenceFolder {
    /// The path of a case, such as `medvt/modules/group_norm`, or nil where it is not there.
    public static func path(_ name: String) -> String? {
        shared("reference/\(name)", whereThereIs: "/case.json")
    }

    /// The path of a file of `../shared/weights`, or nil where it is not there.
    public static func weights(_ name: String) -> String? { shared("weights/\(name)") }

    private static func shared(_ name: String, whereThereIs file: String = "") -> String? {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(package)/../shared/\(name)"
        return FileManager.default.fileExists(atPath: path + file) ? path : nil
    }
}
