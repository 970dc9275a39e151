"""Alerts on the home page and in their list: said to everybody, ended by those who may."""

from __future__ import annotations

import pytest
from django.urls import reverse

from hub.admin.alerts import LOOKS, SHOWN
from hub.alerts import end_alert, raise_alert
from hub.models import Alert
from tests.admin.conftest import LogIn

HOME, LIST = "/admin/", "/admin/hub/alert/"
SAID = "north-store has been silent for 9 hours"


def silent() -> Alert:
    raise_alert("silence", "north-store", SAID, "Test the connection.")
    return Alert.objects.get()


def test_an_open_alert_is_on_the_home_page_with_what_to_do(log_in: LogIn) -> None:
    silent()
    shown = log_in("Viewer").get(HOME).content.decode()
    assert SAID in shown and "Test the connection." in shown
    assert "I have seen to it" not in shown


def test_whoever_has_seen_to_it_ends_it_by_name(log_in: LogIn) -> None:
    alert, client = silent(), log_in("Bookkeeper")
    assert "I have seen to it" in client.get(HOME).content.decode()
    shown = client.post(reverse("admin:hub_alert_seen", args=[alert.pk]), follow=True).content.decode()
    assert SAID not in shown and "It is off the home page" in shown
    alert.refresh_from_db()
    assert alert.ended_at and alert.ended_by == "somebody-bookkeeper"
    assert SAID in client.get(LIST).content.decode()


def test_only_those_who_may_end_it_and_only_on_purpose(log_in: LogIn) -> None:
    address = reverse("admin:hub_alert_seen", args=[silent().pk])
    assert log_in("Viewer").post(address).status_code == 403
    assert log_in("Approver").get(address).status_code == 405
    assert Alert.objects.get().ended_at is None


def test_what_has_ended_by_itself_keeps_its_own_end(log_in: LogIn) -> None:
    alert, client = silent(), log_in("Bookkeeper")
    end_alert("silence", "north-store")
    client.post(reverse("admin:hub_alert_seen", args=[alert.pk]))
    assert Alert.objects.get().ended_by == ""
    assert "by itself" in client.get(LIST).content.decode()


def test_several_are_ended_from_their_list(log_in: LogIn) -> None:
    for name in ("a", "b", "c"):
        raise_alert("gap", name, f"Gap {name}")
    chosen = list(Alert.objects.exclude(key="c").values_list("pk", flat=True))
    client = log_in("Bookkeeper")
    client.post(LIST, {"action": "see_to_selected", "_selected_action": chosen})
    assert list(Alert.objects.filter(ended_at=None).values_list("key", flat=True)) == ["c"]
    assert "see_to_selected" not in log_in("Viewer").get(LIST).content.decode()


def test_the_gravest_come_first_and_the_rest_are_counted(log_in: LogIn) -> None:
    for kind in ("missing", "gap", "silence", "restored"):
        for name in ("a", "b"):
            raise_alert(kind, name, f"{kind} {name}")
    response = log_in("Viewer").get(HOME)
    kinds = [one["alert"].kind for one in response.context["alerts"]]
    assert kinds == ["restored", "restored", "silence", "silence", "gap"] and len(kinds) == SHOWN
    assert "3 more alerts" in response.content.decode()


def test_the_sidebar_counts_what_is_open(log_in: LogIn) -> None:
    silent()
    raise_alert("gap", "a", "Gap")
    end_alert("gap", "a")
    groups = log_in("Viewer").get(HOME).context["sidebar_navigation"]
    [badge] = [item.get("badge") for group in groups for item in group["items"] if item["title"] == "Alerts"]
    assert badge == "1"


@pytest.mark.parametrize("kind", Alert.Kind.values)
def test_every_kind_has_its_look(kind: str) -> None:
    assert LOOKS[kind].icon
