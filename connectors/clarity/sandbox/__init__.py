"""A simulated site of the generic profile, written from the vendor's sheet alone. It shares no code with the connector."""

from connectors.clarity.sandbox.simulator import ClaritySandbox as sandbox

__all__ = ["sandbox"]
