"""A whole hub with simulated stores and books, on its own database, and a day of trade that must end in agreement."""
