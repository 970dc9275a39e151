"""Ready flows with their mappings, one per pair of resources. A vendor's folder may override one."""

from hub.presets.loader import available, resolve
from hub.presets.preset import End, Preset, PresetError, PresetMapping

__all__ = ["End", "Preset", "PresetError", "PresetMapping", "available", "resolve"]
