"""The catalogue of named transforms: small, ready changes to one value, chosen from a list and never programmed."""

from mappings.engine.transforms import addresses, dates, lists, numbers, text
from mappings.engine.transforms.catalogue import CATALOGUE, Argument, Transform, apply, check

__all__ = ["CATALOGUE", "Argument", "Transform", "addresses", "apply", "check", "dates", "lists", "numbers", "text"]
