"""Who may call, and how the shop says no."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest

from connectors.magento.sandbox import sandbox
from connectors.magento.sandbox.access import CONSUMER
from connectors.magento.sandbox.oauth1 import Consumer, Verifier, signature
from connectors.magento.sandbox.refusals import Refused
from tests.connectors.magento.calling import BEARER, ask

GUEST = {
    "message": "The consumer isn't authorized to access %resources.",
    "parameters": {"resources": "Magento_Sales::actions_view"},
}
HOST = {"Host": "shop.example.com"}


def signed(path: str, query: str, consumer: Consumer = CONSUMER, **changed: str) -> dict[str, str]:
    given = {
        "oauth_consumer_key": consumer.key,
        "oauth_token": consumer.token,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": f"nonce{time.monotonic_ns()}",
        "oauth_version": "1.0",
    } | changed
    url = f"http://shop.example.com/rest/V1/{path}"
    given["oauth_signature"] = changed.get("oauth_signature") or signature("GET", url, query, given, consumer)
    told = ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in given.items() if value)
    return {"Authorization": f"OAuth {told}", **HOST}


def test_the_vector_of_the_sheet() -> None:
    filters = "searchCriteria[filter_groups][0][filters][0]"
    pairs = [
        (f"{filters}[field]", "updated_at"),
        (f"{filters}[condition_type]", "gteq"),
        (f"{filters}[value]", "2026-01-02 03:04:05"),
        ("searchCriteria[pageSize]", "2"),
        ("searchCriteria[currentPage]", "1"),
    ]
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    given = {
        "oauth_consumer_key": CONSUMER.key,
        "oauth_token": CONSUMER.token,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": "1700000000",
        "oauth_nonce": "n0nce000000000000000000000000001",
        "oauth_version": "1.0",
    }
    wanted = "OwkmUbn3XJnTpXUarf27aGT0a04Ikw2OglZHSh6V62o="
    url = "https://shop.example.com/rest/V1/orders"
    assert signature("GET", url, query, given, CONSUMER) == wanted
    header = "OAuth " + ",".join(
        f'{name}="{quote(value, safe="")}"' for name, value in {**given, "oauth_signature": wanted}.items()
    )
    Verifier(CONSUMER).verify(header, "GET", [url], query, ["HMAC-SHA256"])


def test_a_signed_call_is_answered_even_without_bearer_tokens() -> None:
    shop = sandbox()
    shop.switch["bearer"] = "off"
    query = "searchCriteria%5BpageSize%5D=2&searchCriteria%5BcurrentPage%5D=1"
    assert ask(shop, "GET", "orders", query=query, headers=signed("orders", query)).status == 200
    assert ask(shop, "GET", "products/LAMP/GREEN", headers=signed("products/LAMP%2FGREEN", "")).status == 200


def test_a_plus_for_a_space_breaks_the_signature() -> None:
    query, sent = "searchCriteria%5BpageSize%5D=a%20b", "searchCriteria%5BpageSize%5D=a+b"
    reply = ask(sandbox(), "GET", "orders", query=sent, headers=signed("orders", query))
    assert (reply.status, reply.body) == (401, {"message": "The signature is invalid. Verify and try again."})


def test_parameters_are_sorted_in_natural_order() -> None:
    names = [f"in%5B{index}%5D" for index in (10, 2, 1)]
    by_server = signature(
        "GET", "http://h/", "&".join(f"{name}=x" for name in names), {"oauth_signature_method": "HMAC-SHA256"}, CONSUMER
    )
    other_order = signature(
        "GET",
        "http://h/",
        "&".join(f"{name}=x" for name in sorted(names)),
        {"oauth_signature_method": "HMAC-SHA256"},
        CONSUMER,
    )
    assert by_server == other_order


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"oauth_signature": "bm90IHRydWU="}, 401, "The signature is invalid. Verify and try again."),
        ({"oauth_consumer_key": "x" * 32}, 401, "A consumer having the specified key does not exist"),
        ({"oauth_token": "x" * 32}, 401, "Specified token does not exist"),
        ({"oauth_token": "short"}, 400, "The token length is invalid. Check the length and try again."),
        ({"oauth_timestamp": "0"}, 401, "An error occurred validating the nonce"),
        ({"oauth_timestamp": str(int(time.time()) + 7200)}, 401, "An error occurred validating the nonce"),
        ({"oauth_signature_method": "HMAC-SHA1"}, 400, "Signature method %1 is not supported"),
        ({"oauth_nonce": ""}, 400, '"%fieldName" is required. Enter and try again.'),
    ],
)
def test_what_is_wrong_with_a_signature_is_said(changed: dict[str, str], status: int, message: str) -> None:
    reply = ask(
        sandbox(), "GET", "orders", query="searchCriteria=", headers=signed("orders", "searchCriteria=", **changed)
    )
    assert (reply.status, reply.body["message"]) == (status, message)


def test_a_nonce_is_used_once_and_an_old_timestamp_is_fine() -> None:
    shop, headers = sandbox(), signed("orders", "searchCriteria=", oauth_timestamp="1700000000")
    assert ask(shop, "GET", "orders", query="searchCriteria=", headers=headers).status == 200
    assert ask(shop, "GET", "orders", query="searchCriteria=", headers=headers).status == 401


def test_the_old_version_also_takes_sha1() -> None:
    shop = sandbox()
    shop.switch["version"] = "2.3"
    headers = signed("orders", "searchCriteria=", oauth_signature_method="HMAC-SHA1")
    assert ask(shop, "GET", "orders", query="searchCriteria=", headers=headers).status == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer " + "x" * 32}, {"Authorization": "Basic x"}, {"Authorization": "Bearer a b"}],
)
def test_every_stranger_gets_the_same_401(headers: dict[str, str]) -> None:
    reply = ask(sandbox(), "GET", "orders", query="searchCriteria=", headers=headers)
    assert (reply.status, reply.body) == (401, GUEST)


def test_bearer_off_and_a_missing_permission_look_like_a_wrong_token() -> None:
    off, denied = sandbox(), sandbox()
    off.switch["bearer"] = "off"
    denied.switch["denied"] = ["Magento_Sales::actions_view"]
    for shop in (off, denied):
        assert ask(shop, "GET", "orders", query="searchCriteria=").body == GUEST


def test_the_settings_follow_the_way_in() -> None:
    shop = sandbox()
    assert set(shop.connection_settings()) == {"base_url", "access_token", "webhook_secret", "timezone"}
    shop.switch["bearer"] = "off"
    assert {"consumer_key", "consumer_secret", "access_token_secret"} <= set(shop.connection_settings())


@pytest.mark.parametrize(
    "path",
    [
        "/rest/V1/orders",
        "/rest/default/V1/orders",
        "/rest/paris/V1/orders",
        "/rest/all/V1/orders",
        "/index.php/rest/V1/orders",
    ],
)
def test_every_spelling_of_the_address_is_answered(path: str) -> None:
    assert ask(sandbox(), "GET", path, query="searchCriteria=").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/rest/nowhere/V1/orders"), ("GET", "/rest/V1/nothing"), ("PUT", "/rest/V1/orders/1/comments")],
)
def test_what_is_not_there_is_no_route(method: str, path: str) -> None:
    reply = ask(sandbox(), method, path, query="searchCriteria=")
    assert (reply.status, reply.body) == (404, {"message": "Request does not match any route."})


def test_the_admin_login_asks_for_a_second_factor() -> None:
    shop = sandbox()
    body = {"username": "admin", "password": "x"}
    assert ask(shop, "POST", "integration/admin/token", body, headers={}).status == 400
    shop.switch["version"] = "2.3"
    token = json.loads(ask(shop, "POST", "integration/admin/token", body, headers={}).encoded())
    assert (
        ask(shop, "GET", "orders", query="searchCriteria=", headers={"Authorization": f"bearer {token}"}).status == 200
    )


def test_maintenance_is_a_page_of_html() -> None:
    shop = sandbox()
    shop.switch["maintenance"] = True
    reply = ask(shop, "GET", "orders", query="searchCriteria=", headers=BEARER)
    assert (reply.status, reply.content_type) == (503, "text/html")
    assert b"Error 503: Service Unavailable" in reply.encoded()


def test_refusals_know_their_status() -> None:
    with pytest.raises(Refused) as refused:
        Verifier(CONSUMER).verify("OAuth nothing", "GET", [], "", [])
    assert refused.value.status == 400
