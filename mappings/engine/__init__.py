"""How one document becomes another. Pure: no database, no HTTP."""
