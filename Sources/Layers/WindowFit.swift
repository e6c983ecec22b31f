/// What becomes of attention windows on a map that they do not fit.
public enum WindowFit: Sendable {
    /// The Video Swin Transformer: along an axis that a window covers, it shrinks to the map, and no block
    /// shifts.
    case shrinking
    /// The Swin Transformer: a window keeps its size, the map is completed with zeros to whole windows, and
    /// every second block shifts, even where there is one window only.
    case padding
}
