"""History, for one flow: asked for by a person, looked at first, and brought in behind live work."""
