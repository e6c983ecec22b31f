import CInstructionSet

let missing = String(cString: martlet_missing_instructions())
