/// Opens a checkpoint of any known format, which its content tells, not its name.
public func openCheckpoint(at path: String) throws -> any WeightSource {
    try SafetensorsFile(path: path)
}
