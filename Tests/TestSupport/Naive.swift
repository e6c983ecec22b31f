/// Plain implementations, obviously right, against which the fast ones are held. Sums are in double
/// precision.
public enum Naive {}
