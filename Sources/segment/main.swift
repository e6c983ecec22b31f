import CInstructionSet

// Nothing may come before this: everything below uses code that is compiled for vector instructions.
refuseMachineWithoutInstructions()

await Program.run(Array(CommandLine.arguments.dropFirst()))
