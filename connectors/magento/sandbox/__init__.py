"""A simulated Magento shop, written from the vendor's sheet alone. It shares no code with the connector."""

from connectors.magento.sandbox.simulator import MagentoSandbox as sandbox

__all__ = ["sandbox"]
