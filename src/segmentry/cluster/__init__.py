"""Methods that find groups: one file each, a catalogue, and the search over them."""
