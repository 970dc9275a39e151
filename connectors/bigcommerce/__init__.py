"""BigCommerce: a hosted store, read and written to over its V2 and V3 REST APIs."""

from connectors.bigcommerce.connector import BigCommerce as connector

__all__ = ["connector"]
