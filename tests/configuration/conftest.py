"""A file as an operator writes it, and the environment it is applied in."""

from __future__ import annotations

import pytest

FILE = """\
version: 1
connections:
  - name: north-store
    kind: magento
    settings: {base_url: "http://127.0.0.1:9101", access_token: "${STORE_TOKEN}", webhook_secret: "${STORE_HOOK}", timezone: America/New_York}
    poll_from: 2026-11-01
  - name: books
    kind: freshbooks
    settings:
      api_url: "http://127.0.0.1:9100"
      account_id: AbC123
      client_id: x
      client_secret: "${FB_SECRET}"
      access_token: "${FB_TOKEN}"
      refresh_token: "${FB_REFRESH}"
      expires_at: 2026-11-30T12:00:00Z
    lock_date: 2025-12-31
flows:
  - {name: north-orders, preset: magento-order-to-invoice, source: north-store, target: books, enabled: true, policy: {invoice_prefix: "N-"}}
"""


@pytest.fixture
def file() -> str:
    return FILE


@pytest.fixture
def environment() -> dict[str, str]:
    return {
        "STORE_TOKEN": "store-token-1",
        "STORE_HOOK": "hook-secret-1",
        "FB_SECRET": "client-secret-1",
        "FB_TOKEN": "access-1",
        "FB_REFRESH": "refresh-1",
    }
