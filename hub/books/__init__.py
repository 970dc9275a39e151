"""The agreement equation, and what explains it."""
