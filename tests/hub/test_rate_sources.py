"""Rates from what banks publish: read in each of their shapes, fetched once a day, and an alert where that fails."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hub import tasks
from hub.alerts import open_alerts
from hub.engine import clock
from hub.models import Rate, RateSource
from hub.rates.asking import ask, ask_all
from hub.rates.reading import Unreadable, read_rates
from hub.rates.table import keep
from tests.connectors.sockets import Peer, serving

ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2026-03-02'><Cube currency='USD' rate='1.0837'/><Cube currency='JPY' rate='163.40'/></Cube></Cube>
</gesmes:Envelope>"""
ROWS = "date,from,to,rate,source\n2026-03-02,EUR,USD,1.0837,ECB\n2026-03-02,EUR,JPY,163.40,\n"
WIDE = "Date,USD,JPY,BGN,\n2026-03-02,1.0837,163.40,N/A,\n"
JSON = '{"amount": 1.0, "base": "EUR", "date": "2026-03-02", "rates": {"USD": 1.0837, "JPY": 163.40}}'
LIST = '[{"date": "2026-03-02", "from": "EUR", "to": "USD", "rate": "1.0837"}, {"date": "2026-03-02", "from": "eur", "to": "JPY", "rate": 163.40}]'
SHAPES = [ECB, ROWS.encode(), ("\ufeff" + ROWS.replace(",", ";")).encode(), WIDE.encode(), JSON.encode(), LIST.encode()]


@pytest.mark.parametrize("body", SHAPES, ids=["xml", "csv", "csv of a spreadsheet", "wide csv", "json", "json list"])
def test_every_shape_says_the_same(body: bytes) -> None:
    found = {(one.date, one.base, one.currency): one.rate for one in read_rates(body, "ECB")}
    day = dt.date(2026, 3, 2)
    assert found == {(day, "EUR", "USD"): Decimal("1.0837"), (day, "EUR", "JPY"): Decimal("163.40")}
    assert {one.source for one in read_rates(body, "ECB")} == {"ECB"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "it is empty"),
        ("<html><body>Sorry</body></html>", "no Cube has a time"),
        ("<a", "it is no XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ("day,rate\n1,2\n", "its first line must be date, from, to, rate, source; it is day, rate"),
        ("date,from,to,rate\n2.3.2026,EUR,USD,1.08\n", "'2.3.2026' is no date"),
        ("date,from,to,rate\n2026-03-02,EUR,US,1.08\n", "'US' is no currency"),
        ('date,from,to,rate\n2026-03-02,EUR,USD,"1,08"\n', "'1,08' is no rate"),
        ("date,from,to,rate\n2026-03-02,EUR,USD,0\n", "more than nothing"),
        ("date,from,to,rate\n2026-03-02,EUR,USD,NaN\n", "no rate"),
        ("date,from,to,rate\n2026-03-02,EUR,EUR,1\n", "from EUR to itself"),
        ("{", "it is no JSON"),
        ('{"success": false}', "neither a base with its rates nor a list"),
    ],
)
def test_what_cannot_be_read_says_why(body: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_rates(body.encode(), "bank")


@pytest.mark.django_db
def test_the_newest_word_on_a_day_counts() -> None:
    keep(read_rates(ECB, "ECB"))
    keep(read_rates(b"date,from,to,rate\n2026-03-02,EUR,USD,1.09\n", "by hand"))
    assert list(Rate.objects.order_by("currency").values_list("currency", "rate", "source")) == [
        ("JPY", Decimal("163.40"), "ECB"),
        ("USD", Decimal("1.09"), "by hand"),
    ]


@contextmanager
def bank(answer: bytes) -> Iterator[RateSource]:
    def say(peer: Peer) -> None:
        if peer.request():
            peer.say(answer)

    with serving(say) as server:
        yield RateSource.objects.create(name="ECB", url=f"http://127.0.0.1:{server.port}/daily.xml")


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)


@pytest.mark.django_db
def test_a_source_is_asked_once_a_day() -> None:
    with bank(ok(ECB)) as source:
        tasks.ask_for_rates()
        assert ask_all() == []
        source.refresh_from_db()
        assert (source.problem, source.last_day) == ("", dt.date(2026, 3, 2))
        assert Rate.objects.count() == 2
        RateSource.objects.update(next_at=clock.now() - dt.timedelta(seconds=1))
        assert ask_all(until=time.monotonic()) == []
        assert ask_all() == [source]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ok(b"<html/>"), "no Cube has a time"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "status 404"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "in trouble"),
        (ok(b"date,from,to,rate\n"), "holds no rates"),
    ],
)
def test_a_source_that_tells_nothing_is_an_alert_until_it_does(answer: bytes, said: str) -> None:
    with bank(answer) as source:
        assert not ask(source)
    source.refresh_from_db()
    [alert] = open_alerts()
    assert said in source.problem and said in alert.message and "Exchange rates" in alert.remedy
    assert source.next_at and source.next_at < clock.now() + dt.timedelta(hours=2)
    RateSource.objects.all().delete()
    with bank(ok(ECB)) as again:
        assert ask(again)
    assert not open_alerts().exists()


@pytest.mark.django_db
def test_an_address_inside_is_refused() -> None:
    source = RateSource.objects.create(name="inside", url="http://10.0.0.1/rates")
    assert not ask(source)
    source.refresh_from_db()
    assert "not a public https address" in source.problem


@pytest.mark.django_db
def test_a_file_is_imported_by_command(tmp_path: Path) -> None:
    file, told = tmp_path / "rates.csv", StringIO()
    file.write_text(ROWS)
    call_command("rates", str(file), source="our bank", stdout=told)
    assert "2 rates" in told.getvalue()
    assert sorted(Rate.objects.values_list("source", flat=True)) == ["ECB", "our bank"]
    file.write_text("nonsense")
    with pytest.raises(CommandError, match="its first line must be"):
        call_command("rates", str(file))


@pytest.mark.django_db
def test_all_sources_are_asked_by_command() -> None:
    with bank(ok(ECB)):
        call_command("rates", stdout=StringIO())
    RateSource.objects.update(url="http://10.0.0.1/daily.xml")
    with pytest.raises(CommandError, match="ECB: "):
        call_command("rates", stdout=StringIO())
