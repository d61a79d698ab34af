"""The project file: its syntax, reading it with line numbers, guessing it from data, writing it."""
