"""The completeness sweep: what a source has and nobody has told, by its own lists and by the gaps in its numbers."""
