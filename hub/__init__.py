"""The flow of work, and the project. Knows connectors and mappings."""
