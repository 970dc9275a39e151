"""Source, hub and books compared three ways, record by record: what differs is named, shown, mended and checked again."""
