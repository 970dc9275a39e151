"""Magento 2 and Adobe Commerce."""

from connectors.magento.connector import MagentoConnector as connector

__all__ = ["connector"]
