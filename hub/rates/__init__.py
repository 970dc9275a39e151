"""Exchange rates: read from what a bank publishes, asked for every day, kept in a table."""
