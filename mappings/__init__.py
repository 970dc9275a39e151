"""One document into another. Knows documents; not connections, not the inbox."""
