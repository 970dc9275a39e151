"""A simulated BigCommerce store, written from the vendor's documentation alone: it shares no code with the connector."""

from connectors.bigcommerce.sandbox.simulator import BigCommerceSandbox as sandbox

__all__ = ["sandbox"]
