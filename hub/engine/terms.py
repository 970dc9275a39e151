"""A flow's terms in force: those of the version that was published last, not those that somebody is editing. A flow that
was never published runs as it is written."""

from __future__ import annotations

import json
from functools import lru_cache

from hub.accounting.policy import Policy, policy_from
from hub.engine.credit_step import with_credit_step
from hub.engine.steps import Step
from hub.models import Flow

MANY = 100
"""Terms kept at hand by their content: it is the same for many records, and takes longer to validate than to compare."""


def policy_of(flow: Flow) -> Policy:
    return _policy(json.dumps(flow.version.policy if flow.version else flow.policy))


def steps_of(flow: Flow) -> tuple[Step, ...]:
    """In order, with the one that comes with the policy."""
    return with_credit_step(_steps(json.dumps(flow.version.steps if flow.version else flow.steps)), policy_of(flow))


@lru_cache(maxsize=MANY)
def _policy(text: str) -> Policy:
    return policy_from(json.loads(text))


@lru_cache(maxsize=MANY)
def _steps(text: str) -> tuple[Step, ...]:
    return tuple(Step.model_validate(step) for step in json.loads(text))
