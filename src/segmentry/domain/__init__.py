"""The nouns: frozen values and small protocols, no input or output. One file, one idea."""
