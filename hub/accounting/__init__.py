"""Pure: order + policy + what the books can do → the documents wanted, and the proof of their sums."""
