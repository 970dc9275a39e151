"""What a fresh database needs before anybody logs in: the groups, with what each may do, and the cache's table."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db.models import Q, QuerySet

OURS = ("connectors", "mappings", "hub")
WORK = ("retry_syncrecord", "fix_syncrecord", "link_syncrecord", "skip_syncrecord", "end_alert", "close_month")
SIDES = ("decide_conflict",)
HISTORY = ("run_backfill", "run_reconciliation", "take_in_payouts")
FILES = ("export_reports",)
RULES = ("mapping", "lookup", "lookuprow", "ratesource")
TABLES = tuple(f"{verb}_{model}" for verb in ("add", "change", "delete") for model in ("taxrow", "rate"))
"""What a bookkeeper fills in day by day: names of taxes, and rates."""

GROUPS: dict[str, tuple[str, ...]] = {
    "Viewer": FILES,
    "Bookkeeper": (*WORK, *SIDES, *HISTORY, *TABLES, *FILES),
    "Mapping editor": (
        *(f"{verb}_{model}" for verb in ("add", "change", "delete") for model in RULES),
        *TABLES,
        "add_flow",
        "change_flow",
    ),
    "Approver": (*WORK, *SIDES, *HISTORY, *TABLES, *FILES, "publish_flow", "reopen_month"),
    "Administrator": (),
}
"""Group → the code names it holds beyond looking at everything. The administrator holds all of them."""


def ensure_groups(**_: Any) -> None:
    """Makes the groups and grants what is missing. Never takes away what somebody granted by hand."""
    for name, names in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(name, names))


def ensure_cache_table(**_: Any) -> None:
    """Uploads on their way through a preview, and searches, are kept in the cache."""
    call_command("createcachetable", verbosity=0)


def _permissions(group: str, names: tuple[str, ...]) -> QuerySet[Permission]:
    ours = Permission.objects.filter(content_type__app_label__in=OURS)
    if group == "Administrator":
        return ours | Permission.objects.filter(content_type__app_label="auth")
    return ours.filter(Q(codename__startswith="view_") | Q(codename__in=names))
