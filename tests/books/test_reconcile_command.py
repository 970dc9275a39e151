"""`manage.py reconcile`: to its end in one process, with a table, a file and a status; interrupted, it goes on."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hub.books.reconciliation import file
from hub.books.reports import csv_file
from hub.books.reports.discrepancies import REPORT
from hub.models import Discrepancy, Reconciliation
from tests.books.days import booked
from tests.books.hands import LATER, YESTERDAY, change, invoice_of, line
from tests.hub.dying import killed_at, time_passes
from tests.hub.edited_orders import edit
from tests.hub.world import World


def reconcile(*more: str, start: str = YESTERDAY, end: str = LATER, flow: str = "orders") -> tuple[int, str, str]:
    """Exit status and what was said on both streams."""
    out, err = StringIO(), StringIO()
    try:
        call_command("reconcile", flow, "--from", start, "--to", end, *more, stdout=out, stderr=err)
    except SystemExit as end_of_it:
        return int(str(end_of_it.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def refused(**how: str) -> CommandError:
    with pytest.raises(CommandError) as error:
        reconcile(**how)
    return error.value


def test_where_all_agree_the_status_is_zero(world: World) -> None:
    booked(world)
    status, said, _ = reconcile()
    assert status == 0 and "No discrepancies." in said and "1  agree on all sides" in said


def test_what_differs_is_summed_by_kind_and_currency(world: World, tmp_path: Path) -> None:
    posting = invoice_of(world, booked(world, {"a": 100}))
    edited = booked(world, {"a": 40})
    change(world, "invoice", posting.remote_id, lines=[line("90.00")])
    edit(world, edited, {"a": 65})
    path = tmp_path / "march.csv"
    status, said, progress = reconcile("--csv", str(path))
    assert status == 1
    rows = {tuple(row.split()) for row in said.splitlines()}
    assert {("amount", "open", "1", "25.00", "USD"), ("drift", "open", "1", "10.00", "USD")} <= rows
    assert "reading the source" in progress and "2 discrepancies written" in progress
    found = read(path)
    assert list(found[0]) == [column.name for column in REPORT.columns]
    assert {(row["kind"], row["order"], row["source_total"], row["books_total"]) for row in found} == {
        ("drift", posting.document["po_number"], "", "90.00"),
        ("amount", world.number(edited), "65.00", "40.00"),
    }


def test_accepted_ones_do_not_count(world: World) -> None:
    change(world, "invoice", invoice_of(world, booked(world, {"a": 100})).remote_id, lines=[line("90.00")])
    assert reconcile()[0] == 1
    Discrepancy.objects.update(state="accepted")
    assert reconcile()[0] == 0


def test_a_formula_stays_text(world: World, tmp_path: Path) -> None:
    change(world, "invoice", invoice_of(world, booked(world, {"a": 100})).remote_id, vis_state=1)
    reconcile()
    for start in ("=cmd()", "+1", "-1", "@a", "\tx"):
        Discrepancy.objects.update(who=start, amount=-5)
        run = Reconciliation.objects.latest("pk")
        file.write(run, tmp_path / "f.csv")
        [row] = read(tmp_path / "f.csv")
        assert (row["customer"], row["amount"]) == (f"'{start}", "-5.00")


def test_the_file_is_the_report_of_just_these_discrepancies(world: World, tmp_path: Path) -> None:
    change(world, "invoice", invoice_of(world, booked(world, {"a": 100})).remote_id, lines=[line("90.00")])
    path, report = tmp_path / "f.csv", tmp_path / "report.csv"
    reconcile("--csv", str(path))
    call_command("report", "discrepancies", "--from", YESTERDAY, "--to", LATER, "--csv", str(report))
    assert path.read_bytes() == report.read_bytes()
    assert path.read_bytes().startswith(csv_file.MARK.encode())
    found = Discrepancy.objects.get()
    Discrepancy.objects.create(flow=found.flow, kind="drift", natural_key="x", date=found.date, sentence="of no run")
    file.write(Reconciliation.objects.latest("pk"), path)
    assert len(read(path)) == 1


def test_amounts_have_the_decimals_of_their_currency(world: World, tmp_path: Path) -> None:
    change(world, "invoice", invoice_of(world, booked(world, {"a": 100})).remote_id, lines=[line("90.00")])
    reconcile()
    Discrepancy.objects.update(currency="JPY", amount=1200)
    file.write(Reconciliation.objects.latest("pk"), tmp_path / "f.csv")
    assert [row["amount"] for row in read(tmp_path / "f.csv")] == ["1200"]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"flow": "order"}, "there is no flow named 'order'; there are: orders"),
        ({"start": "2026-02-01", "end": "2026-01-01"}, "start: The first day, 2026-02-01, is after the last"),
        ({"start": "2001-02-01"}, "end: .* more than ten years"),
    ],
)
def test_wrong_arguments_are_named_and_have_a_status_of_their_own(world: World, how: Any, says: str) -> None:
    error = refused(**how)
    assert error.returncode == 2
    assert re.search(says, str(error))
    assert not Reconciliation.objects.exists()


def test_a_folder_that_is_not_there_is_told_before_anything_is_read(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--csv") as error:
        reconcile("--csv", str(tmp_path / "nowhere" / "f.csv"))
    assert error.value.returncode == 2 and not Reconciliation.objects.exists()


def test_a_folder_is_no_file_to_write(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a folder; name a file in it") as error:
        reconcile("--csv", str(tmp_path))
    assert error.value.returncode == 2 and not Reconciliation.objects.exists()


def test_a_source_that_is_away_for_a_moment_is_waited_for(world: World) -> None:
    booked(world)
    world.fault("store", kind="status", status=503, times=2)
    status, said, _ = reconcile()
    assert (status, "1  agree" in said) == (0, True)


def test_killed_at_any_point_the_same_command_goes_on_and_finds_the_same(world: World) -> None:
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    posting = invoice_of(world, booked(world, {"a": 100}))
    edit_me = booked(world, {"a": 40})
    change(world, "invoice", posting.remote_id, lines=[line("90.00")])
    edit(world, edit_me, {"a": 65})
    point, killed = 1, True
    while killed:
        Discrepancy.objects.all().delete()
        Reconciliation.objects.all().delete()
        killed = killed_at(point, lambda: reconcile())
        time_passes()
        Reconciliation.objects.filter(state="running").update(next_at=None)
        assert reconcile()[0] == 1, f"killed at {point}"
        found = sorted(Discrepancy.objects.filter(state="open").values_list("kind", flat=True))
        assert found == ["amount", "drift"], f"killed at {point}"
        assert not Reconciliation.objects.filter(state="running").exists(), f"killed at {point}"
        point += 11
    assert point > 60
