"""Services outside that a person asks for something: never called unless a command is run."""
