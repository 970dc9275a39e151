"""Outside systems. Knows nothing of mappings, flows or the inbox."""
