"""Clarity eCommerce."""

from connectors.clarity.connector import ClarityConnector as connector

__all__ = ["connector"]
