"""Small things that every page relies on: amounts, masks, guides and groups."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission

from hub.admin.masking import MASK, masked, readable_body
from hub.admin.setup_guide import as_html
from hub.admin.sheets import sheet
from hub.admin.words import amounts, money
from hub.setup import GROUPS, ensure_groups


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1234.5", "USD", "1,234.50 USD"),
        ("1200", "JPY", "1,200 JPY"),
        ("1.2345", "KWD", "1.2345 KWD"),
        ("0", "", "0.00"),
        ("10.005", "EUR", "10.005 EUR"),
    ],
)
def test_an_amount_has_its_currency_s_decimals_and_hides_none(amount: str, currency: str, words: str) -> None:
    assert money(Decimal(amount), currency) == words


def test_currencies_are_never_added_together() -> None:
    assert amounts({"USD": Decimal(5), "EUR": Decimal(3)}) == "3.00 EUR and 5.00 USD"


def test_what_could_log_somebody_in_is_masked_however_deep_it_lies() -> None:
    given = {"a": [{"Client-Secret": "x"}], "X-Shop-Hmac-Sha256": "y", "verifier": "z", "id": 1}
    assert masked(given) == {"a": [{"Client-Secret": MASK}], "X-Shop-Hmac-Sha256": MASK, "verifier": MASK, "id": 1}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"id": 5, "token": "abc"}', f'{{\n  "id": 5,\n  "token": "{MASK}"\n}}'),
        (b"object_id=5&verifier=abc", f"object_id = 5\nverifier = {MASK}"),
        (b"hello", "hello"),
        (b"the secret is abc", MASK),
        (b"\xff\xfe", "��"),
    ],
)
def test_a_body_is_laid_out_and_masked(body: bytes, shown: str) -> None:
    assert readable_body(body) == shown


def test_a_guide_is_marked_up_and_nothing_in_it_can_run() -> None:
    html = as_html(
        "# Shop\n\n1. Open **Settings**\n   and `wait`\n\n2. See [the page](https://x.example/?a=1&b=2)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "- <script>alert(1)</script> [x](javascript:alert(1))\n\n```\n<b>\n```\n"
    )
    assert (
        "<h2>Shop</h2>" in html
        and '<ol start="1"><li>Open <strong>Settings</strong> and <code>wait</code></li></ol>' in html
    )
    assert '<ol start="2">' in html and 'href="https://x.example/?a=1&amp;b=2"' in html
    assert "<td>1</td><td>2</td>" in html and "<pre><code>&lt;b&gt;</code></pre>" in html
    assert "<script" not in html and 'href="javascript' not in html


def test_a_sheet_adds_up_what_it_shows() -> None:
    line = {
        "name": "Tea",
        "quantity": "2",
        "unit_price": "5.00",
        "taxes": [{"name": "VAT", "percent": "20", "amount": "2.00"}],
    }
    drawn = sheet(
        "Invoice", {"number": "7", "currency": "GBP", "lines": [line], "total": "12.00", "notes": "", "po_number": "P"}
    )
    assert (drawn.number, drawn.net, drawn.tax, drawn.total) == ("7", "10.00 GBP", "2.00 GBP", "12.00 GBP")
    assert drawn.rows == [("PO number", "P")] and drawn.lines[0].taxes == "VAT 20 % = 2.00"


def test_groups_hold_what_their_names_say(db: None) -> None:
    ensure_groups()
    ensure_groups()
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)

    def may(group: str, codename: str) -> bool:
        return Group.objects.get(name=group).permissions.filter(codename=codename).exists()

    assert may("Viewer", "view_syncrecord") and not may("Viewer", "retry_syncrecord")
    assert may("Bookkeeper", "fix_syncrecord") and not may("Bookkeeper", "publish_flow")
    assert may("Mapping editor", "change_mapping") and not may("Mapping editor", "publish_flow")
    assert may("Approver", "publish_flow") and not may("Approver", "change_connection")
    assert may("Administrator", "change_connection") and may("Administrator", "add_user")


def test_what_was_granted_by_hand_stays(db: None) -> None:
    ensure_groups()
    viewer = Group.objects.get(name="Viewer")
    viewer.permissions.add(Permission.objects.get(codename="retry_syncrecord"))
    ensure_groups()
    assert viewer.permissions.filter(codename="retry_syncrecord").exists()
