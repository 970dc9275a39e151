"""OAuth 1.0a against the vendor sheet's test vector."""

from __future__ import annotations

from connectors.magento.client import criteria
from connectors.magento.oauth1 import Keys, authorization, signature

KEYS = Keys("ck" + "0" * 30, "cs" + "0" * 30, "at" + "0" * 30, "as" + "0" * 30)
URL = "https://shop.example.com/rest/V1/orders"
NONCE = "n0nce000000000000000000000000001"


def polled() -> list[tuple[str, str]]:
    filtered = criteria([("updated_at", "gteq", "2026-01-02 03:04:05")], [], 2, "")
    return filtered


def test_the_sheets_vector_is_signed_as_it_says() -> None:
    header = authorization(KEYS, "GET", URL, polled(), nonce=NONCE, timestamp=1700000000)
    assert 'oauth_signature="OwkmUbn3XJnTpXUarf27aGT0a04Ikw2OglZHSh6V62o%3D"' in header
    assert header.startswith('OAuth oauth_consumer_key="ck0')
    assert 'oauth_signature_method="HMAC-SHA256"' in header


def test_the_default_port_is_not_signed_and_another_is() -> None:
    plain = signature(KEYS, "GET", URL, polled())
    assert signature(KEYS, "get", "https://shop.example.com:443/rest/V1/orders", polled()) == plain
    assert signature(KEYS, "GET", "https://shop.example.com:8443/rest/V1/orders", polled()) != plain


def test_the_keys_are_never_shown() -> None:
    assert "cs0" not in repr(KEYS) and "at0" not in repr(KEYS) and "as0" not in repr(KEYS)
