"""Every decision that a person can take about a record, in the order in which they are offered: its words, its form,
and the permission it asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hub.admin.decision_forms import Dressed, EditForm, FixForm, LinkForm, NumberForm, PlainForm, ReasonForm
from hub.admin.table_forms import RateForm, TaxForm


@dataclass(frozen=True)
class Decision:
    """One button. `name` is what `decision_fit` and the address call it."""

    name: str
    title: str
    explanation: str
    permission: str
    form: type[Dressed]


KEPT_ALIKE = {
    "link": ("Link with one that is there", "From now on the two are kept alike; nothing new is made."),
    "create": (
        "Make a new one",
        "What is there is somebody else, or gone: a new one is made, and kept alike with this.",
    ),
    "unskip": (
        "Carry it over after all",
        "It is no longer skipped: the source is read again, and kept alike with the other side.",
    ),
    "skip": ("Skip with a reason", "Nothing is carried over between it and the other side, and your reason is kept."),
}
"""What the same decisions are called where nothing is booked."""

DECISIONS = (
    Decision(
        name="let_pass",
        title="Book it",
        explanation="It goes into the books as the flow does it. What comes later is asked about anew.",
        permission="hub.fix_syncrecord",
        form=PlainForm,
    ),
    Decision(
        name="link",
        title="Link to an existing document",
        explanation="It is in the books already. It becomes this record's own; nothing new is made.",
        permission="hub.link_syncrecord",
        form=LinkForm,
    ),
    Decision(
        name="fix",
        title="Fix here and replay",
        explanation="Put the right value in the place of the wrong one. The store itself is not changed.",
        permission="hub.fix_syncrecord",
        form=FixForm,
    ),
    Decision(
        name="tax",
        title="Put it into the tax table",
        explanation="What the tax is called in the books, from now on and for every order. What is held for it is "
        "replayed, and no amount changes.",
        permission="hub.add_taxrow",
        form=TaxForm,
    ),
    Decision(
        name="rate",
        title="Add the rate",
        explanation="It goes into the rate table, and is printed on the documents that are converted by it. What is "
        "held for it is replayed.",
        permission="hub.add_rate",
        form=RateForm,
    ),
    Decision(
        name="create",
        title="Post it anyway",
        explanation="It is not in the books, or what is there is something else: ours is posted beside it.",
        permission="hub.fix_syncrecord",
        form=PlainForm,
    ),
    Decision(
        name="post_again",
        title="Have the invoice posted again",
        explanation="It is looked for in the books once more. As long as the deleted one bears its number, you are asked "
        "for another.",
        permission="hub.fix_syncrecord",
        form=PlainForm,
    ),
    Decision(
        name="number",
        title="Use another number",
        explanation="Another document holds this number, or one that was deleted. Ours takes the one you type in.",
        permission="hub.fix_syncrecord",
        form=NumberForm,
    ),
    Decision(
        name="leave_out",
        title="Leave this one out",
        explanation="Only this payment or credit note is not posted; everything else of the record is.",
        permission="hub.skip_syncrecord",
        form=ReasonForm,
    ),
    Decision(
        name="adjust",
        title="Adjust",
        explanation="What the edit added becomes an extra invoice, what it took away a credit note. Together they are "
        "the difference, to the cent.",
        permission="hub.fix_syncrecord",
        form=EditForm,
    ),
    Decision(
        name="reinvoice",
        title="Credit and re-invoice",
        explanation="All that is left of the invoice is credited, and a new one is made for the order as it is now. "
        "Payments that are recorded already stay on the old invoice: what its credit note sets free shows on the "
        "client's page in the books as credit. Later payments and refunds go to the new invoice.",
        permission="hub.fix_syncrecord",
        form=EditForm,
    ),
    Decision(
        name="accept",
        title="Ignore, with a reason",
        explanation="The difference is booked by hand. From now on what the books hold stands for the order as it is.",
        permission="hub.fix_syncrecord",
        form=ReasonForm,
    ),
    Decision(
        name="keep",
        title="Keep it, with a reason",
        explanation="It stays in the books, though the store took it back, and goes on counting: against what is left of "
        "the invoice, or as paid.",
        permission="hub.fix_syncrecord",
        form=ReasonForm,
    ),
    Decision(
        name="retry",
        title="Try again",
        explanation="The source is read again, and everything is done anew under the current rules.",
        permission="hub.retry_syncrecord",
        form=PlainForm,
    ),
    Decision(
        name="unskip",
        title="Book it after all",
        explanation="It is no longer skipped: the source is read again, and what it wants is posted.",
        permission="hub.skip_syncrecord",
        form=PlainForm,
    ),
    Decision(
        name="skip",
        title="Skip with a reason",
        explanation="It must not be in the books. The whole record is left out, and your reason is kept.",
        permission="hub.skip_syncrecord",
        form=ReasonForm,
    ),
)


def said_for(decision: Decision, kept_alike: bool) -> Decision:
    if not kept_alike or decision.name not in KEPT_ALIKE:
        return decision
    title, explanation = KEPT_ALIKE[decision.name]
    return replace(decision, title=title, explanation=explanation)
