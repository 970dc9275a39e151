"""A simulator of FreshBooks, written from its sheet alone: it shares no code with the connector."""

from connectors.freshbooks.sandbox.service import Service as sandbox

__all__ = ["sandbox"]
