"""What a call may come to: limits shared with other apps, missing scopes, errors of two versions, empty lists, many pages."""

from __future__ import annotations

import pytest

from connectors.bigcommerce.client import wait_of
from connectors.bigcommerce.refusals import messages
from connectors.bigcommerce.sandbox import orders_v2, sandbox
from connectors.bigcommerce.settings_form import SettingsForm, token_url
from connectors.documents import OrderUpdate
from connectors.errors import Gone, NeedsLogin, RateLimited, Rejected, RetryLater
from connectors.sandbox import Fault
from tests.connectors.bigcommerce.store import connected, store

__all__ = ["store"]


class Ledger:
    """A budget that only writes down."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.told: list[tuple[int, int, float]] = []

    def take(self, kind: str) -> None:
        self.taken.append(kind)

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        self.told.append((limit, remaining, reset_in))


def test_every_answer_tells_what_is_left_of_the_window(store: sandbox) -> None:
    ledger = Ledger()
    store.switch["quota"] = 150
    connected(store, ledger).check()
    assert [told[:2] for told in ledger.told] == [(150, 149), (150, 148), (150, 147)]
    assert 0 < ledger.told[0][2] <= 30 and set(ledger.taken) == {"call"}


def test_a_used_up_window_says_when_the_next_one_begins(store: sandbox) -> None:
    store.switch["quota"] = 1
    with pytest.raises(RateLimited) as limited:
        connected(store).check()
    assert 1 <= limited.value.wait <= 30


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-Rate-Limit-Time-Reset-Ms": "12500"}, 12.5), ({"X-Rate-Limit-Time-Reset-Ms": "0"}, 1),
        ({"X-Retry-After": "9"}, 9), ({"Retry-After": "7"}, 7), ({}, 60), ({"X-Retry-After": "soon"}, 60),
        ({"X-Rate-Limit-Time-Reset-Ms": "99999999"}, 3600),
    ],
)  # fmt: skip
def test_a_refusal_without_a_time_is_an_overload_and_takes_longer(headers: dict[str, str], seconds: float) -> None:
    assert wait_of(headers) == seconds


@pytest.mark.parametrize(("scope", "words"), [("transactions", "Order Transactions"), ("information", "Information")])
def test_a_missing_scope_is_named(store: sandbox, scope: str, words: str) -> None:
    id = str(store.place({})["id"])
    store.switch["denied"] = [scope]
    with pytest.raises(NeedsLogin, match=f"lacks the scope “{words}"):
        connected(store).resource("order").fetch(id)


@pytest.mark.parametrize(
    ("scope", "words"), [("orders", "Orders"), ("transactions", "Order Transactions"), ("information", "Information")]
)
def test_the_test_of_a_connection_names_the_scope_that_is_missing(store: sandbox, scope: str, words: str) -> None:
    store.place({})
    assert "it holds 1 orders" in connected(store).check()
    store.switch["denied"] = [scope]
    with pytest.raises(NeedsLogin, match=f"lacks the scope “{words}"):
        connected(store).check()


def test_a_store_without_orders_is_connected_all_the_same(store: sandbox) -> None:
    assert "it holds 0 orders" in connected(store).check()


@pytest.mark.parametrize(("scope", "resource"), [("orders", "order"), ("customers", "customer")])
def test_who_may_only_read_is_told_so_and_goes_on_reading(store: sandbox, scope: str, resource: str) -> None:
    """It is one write that is refused, and no login that has ended."""
    id = store.person({}) if resource == "customer" else str(store.place({})["id"])
    store.switch["denied"] = [f"{scope}:write"]
    found = connected(store).resource(resource)
    with pytest.raises(Rejected, match=f"scope “{scope.capitalize()}” set to modify") as refused:
        found.amend(id, {"phone": "5"}) if resource == "customer" else found.update(id, OrderUpdate(comment="x"))
    assert refused.value.code == "not_permitted" and found.read(id).id == id


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([{"status": 404, "message": "Not there."}], ["Not there."]),
        ([{"status": 400, "message": "No", "details": {"x": 1}}], ["No"]),
        (
            {"status": 422, "title": "Invalid", "errors": {".customer": "bad", "b": "c"}},
            ["Invalid", "customer: bad", "b: c"],
        ),
        ({"status": 422, "title": "Invalid", "errors": []}, ["Invalid"]),
        ({"data": [{"status": 503, "error": "Tax service"}], "meta": {}}, ["Tax service"]),
        ("odd", []),
    ],
)
def test_errors_of_both_versions_are_read(body: object, said: list[str]) -> None:
    assert [one for one in messages(body) if one] == said


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"", Gone), (404, b"<html>", Gone), (400, b"<html>", RetryLater), (423, b"[]", RetryLater),
        (409, b'{"title": "Conflict"}', Rejected), (422, b"{}", Rejected), (507, b"", RetryLater),
    ],
)  # fmt: skip
def test_a_status_says_what_to_do_next(store: sandbox, status: int, body: bytes, error: type[Exception]) -> None:
    store.faults = [Fault("status", status=status, body=body)]
    with pytest.raises(error):
        connected(store).resource("order").read("100")


def test_an_order_of_sixty_lines_is_read_whole(store: sandbox) -> None:
    orders = connected(store).resource("order")
    found = orders.parse(orders.fetch(str(store.place({"kind": "many_lines"})["id"])))
    assert len([one for one in found.lines if one.kind == "product"]) == 60 and found.residual == 0


@pytest.mark.parametrize(("fees", "calls", "lines"), [({"url": "https://api.bigcommerce.com/x"}, 1, 1), (None, 0, 0)])
def test_fees_are_asked_for_where_the_order_only_links_to_them(
    store: sandbox, monkeypatch: pytest.MonkeyPatch, fees: object, calls: int, lines: int
) -> None:
    """As stores answer that do not know `include`, or no fees at all."""
    id = str(store.place({"kind": "extras", "seed": 1})["id"])
    monkeypatch.setattr(orders_v2, "presented", lambda shop, order, include=(): {**order, "fees": fees})
    raw = connected(store).resource("order").fetch(id)
    assert len([path for _, path, _ in store.log if path.endswith("/fees")]) == calls
    assert len(raw["fees"]) == lines


def test_an_incomplete_order_costs_few_calls(store: sandbox) -> None:
    id = str(store.place({"kind": "incomplete"})["id"])
    orders = connected(store).resource("order")
    assert orders.parse(orders.fetch(id)).stage == "placed"
    assert not [path for _, path, _ in store.log if "/v3/" in path]


def test_metafields_that_may_not_be_read_stop_the_orders_that_may_have_some_and_no_other(store: sandbox) -> None:
    orders = connected(store).resource("order")
    digital, plain = (str(store.place({"kind": kind})["id"]) for kind in ("virtual", "simple"))
    store.faults = [Fault("status", path="/metafields", status=403, body={"title": "Unauthorized Access."})]
    with pytest.raises(Rejected, match="the scope “Orders”") as refused:
        orders.fetch(digital)
    assert refused.value.code == "not_permitted"
    assert orders.parse(orders.fetch(plain)).payments


def test_nothing_is_read_from_the_addresses_in_an_answer(store: sandbox) -> None:
    """They hold the real host, whoever answers."""
    orders = connected(store).resource("order")
    orders.fetch(str(store.place({})["id"]))
    assert all(status in (200, 204) for _, _, status in store.log)


@pytest.mark.parametrize(
    "typed", ["x0abc1d2ef", " x0abc1d2ef ", "https://api.bigcommerce.com/stores/x0abc1d2ef/v3/", "stores/x0abc1d2ef"]
)
def test_the_store_hash_is_found_in_the_whole_path(typed: str) -> None:
    form = SettingsForm({"store_hash": typed})
    assert form.is_valid() and form.cleaned_data["store_hash"] == "x0abc1d2ef"


@pytest.mark.parametrize(("typed", "kept"), [("", ""), ("11, 7,Completed, 7", "7, 10, 11"), ("awaiting payment", "7")])
def test_accepted_statuses_are_kept_by_their_numbers(typed: str, kept: str) -> None:
    form = SettingsForm({"store_hash": "abc", "accepted_statuses": typed})
    assert form.is_valid() and form.cleaned_data["accepted_statuses"] == kept


@pytest.mark.parametrize("typed", ["Paid", "99", "7, 5", "7; 10"])
def test_a_status_that_there_is_not_or_that_is_no_sale_is_refused(typed: str) -> None:
    form = SettingsForm({"store_hash": "abc", "accepted_statuses": typed})
    assert not form.is_valid() and "such as 11 or Completed" in form.errors["accepted_statuses"][0]


@pytest.mark.parametrize("field", ["store_hash", "timezone", "api_url"])
def test_a_setting_that_cannot_be_is_refused_with_an_example(field: str) -> None:
    form = SettingsForm({"store_hash": "abc", field: "no such/thing"})
    assert not form.is_valid() and "such as" in form.errors[field][0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "https://login.bigcommerce.com/oauth2/token"),
        ({"api_url": "http://127.0.0.1:9"}, "http://127.0.0.1:9/oauth2/token"),
    ],
)
def test_a_test_stores_secrets_never_go_to_the_real_login(given: dict[str, str], expected: str) -> None:
    assert token_url(given) == expected
