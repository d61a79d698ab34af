"""``python -m segmentry`` is the command line."""

from segmentry.cli import main

main()
