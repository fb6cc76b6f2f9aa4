"""One module for each command or family: `add(parser, name)` and `run(services, args) -> exit code`."""
