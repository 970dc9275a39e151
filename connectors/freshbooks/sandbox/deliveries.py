"""One delivery: a thin form, and a signature over its JSON as Python prints it: spaced, in order, all strings."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode


def delivery(fields: Mapping[str, str], verifier: str) -> tuple[bytes, Mapping[str, str]]:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-FreshBooks-Hmac-SHA256": signature(fields, verifier),
    }
    return urlencode(fields).encode(), headers


def signature(fields: Mapping[str, str], verifier: str) -> str:
    signed = hmac.new(verifier.encode(), json.dumps(fields).encode(), sha256)
    return base64.b64encode(signed.digest()).decode()
