"""An outage on a read is tried again later, and a limit says how long: whatever the vendor's own words for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.errors import RateLimited, RetryLater
from connectors.sandbox import Fault
from tests.connectors.contract.subjects import NOBODY, Subject, every_connector, every_resource

OUTAGES = {
    "busy": Fault("status", status=503, body=b"<html>Service Unavailable</html>", times=-1),
    "broken": Fault("status", status=500, body={"message": "no"}, times=-1),
    "gateway": Fault("status", status=502, body=b"", times=-1),
    "reset": Fault("reset", times=-1),
    "dropped": Fault("lost", times=-1),
    "no_record": Fault("status", status=200, body=[], times=-1),
    "no_json": Fault("status", status=200, body=b"<html>Down for maintenance</html>", times=-1),
}


@every_resource("fetch")
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_tried_again_later(kind: str, name: str, outage: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    sandbox.faults = [replace(OUTAGES[outage])]
    with pytest.raises(RetryLater):
        connector.resource(name).fetch(NOBODY)


@every_connector
def test_a_check_during_an_outage_blames_no_credentials(kind: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    sandbox.faults = [replace(OUTAGES["busy"])]
    with pytest.raises(RetryLater):
        connector.check()


@every_connector
def test_a_limit_says_how_long_to_wait(kind: str, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    headers = {"Retry-After": "7"}
    sandbox.faults = [Fault("status", status=429, body={"message": "slow"}, headers=headers, times=-1)]
    with pytest.raises(RateLimited) as limited:
        connector.check()
    assert limited.value.wait == 7
