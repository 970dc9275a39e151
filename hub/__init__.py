"""The flow of work, and the project. Knows connectors and mappings."""

VERSION = "0.1.0"
