"""Clients: looked up without trusting the filter, created without late fees."""

from __future__ import annotations

import pytest

from connectors.documents import Address, Client
from connectors.errors import Gone, NotSearchable, OutcomeUnknown, Rejected
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.countries import country_code
from tests.connectors.freshbooks.conftest import Recorded

ADA = Client(
    email="ada.marsh@example.org",
    first_name="Ada",
    last_name="Marsh",
    phone="+1 902 555 0142",
    vat_number="CA-77",
    currency="USD",
    address=Address(
        street="9 Quay Road", street2="Floor 2", city="Halifax", region="Nova Scotia", postcode="B3H 4R2", country="CA"
    ),
)


def test_a_client_is_created_in_one_call_with_its_country_in_words(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-create")
    made = books.resource("client").create(ADA)
    assert (made.id, made.state, made.currency) == ("70101", "active", "USD")
    assert made.url == "https://my.freshbooks.com/#/client/70101"
    assert (made.facts["email"], made.facts["first_name"]) == ("ada.marsh@example.org", "Ada")
    assert books.resource("client").parse(made.raw) == ADA.model_copy(update={"language": "en"})


def test_a_client_is_found_in_another_spelling_with_one_call(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-find-other-spelling")
    assert [found.id for found in books.resource("client").find(ADA, deleted=False)] == ["70101"]


def test_an_ignored_filter_is_read_to_the_last_page_and_compared(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-find-filter-ignored-page-1", "client-find-filter-ignored-page-2")
    found = books.resource("client").find(ADA, deleted=False)
    assert [(one.id, one.state) for one in found] == [("70101", "archived")]


def test_deleted_clients_are_found_by_a_second_call(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-find-none", "client-find-deleted")
    assert [(one.id, one.state) for one in books.resource("client").find(ADA)] == [("70099", "deleted")]


def test_nothing_found_is_nothing_found(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-find-none")
    assert books.resource("client").find(ADA, deleted=False) == []


def test_rows_that_are_counted_but_hidden_prove_no_absence(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-find-rows-hidden", "client-find-rows-hidden")
    with pytest.raises(NotSearchable, match="counts 16"):
        books.resource("client").find(ADA, deleted=False)


def test_a_list_that_moved_is_read_again(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-find-rows-hidden", "client-find-other-spelling")
    assert len(books.resource("client").find(ADA, deleted=False)) == 1


def test_a_client_with_nothing_to_look_for_is_not_searchable(books: FreshBooks) -> None:
    with pytest.raises(NotSearchable):
        books.resource("client").find(Client(first_name="Ada"))


def test_an_update_says_only_what_is_known(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-update")
    change = Client(email="ada.marsh@example.org", organization="Marsh & Sons")
    assert books.resource("client").update("70101", change).facts["organization"] == "Marsh & Sons"


@pytest.mark.parametrize("answer", ["client-not-found-classic", "client-not-found-newer"])
def test_an_unknown_client_is_gone_in_either_envelope(books: FreshBooks, recorded: Recorded, answer: str) -> None:
    recorded(answer)
    with pytest.raises(Gone, match="Client not found"):
        books.resource("client").read("1")


def test_an_id_that_is_no_number_never_becomes_part_of_an_address(books: FreshBooks, recorded: Recorded) -> None:
    with pytest.raises(Rejected, match="not a FreshBooks id"):
        books.resource("client").read("../../x")


def test_a_success_that_holds_no_client_leaves_the_creation_in_doubt(books: FreshBooks, recorded: Recorded) -> None:
    recorded("client-create", body={"response": {"result": {}}})
    with pytest.raises(OutcomeUnknown):
        books.resource("client").create(ADA)


def test_a_long_address_is_refused_rather_than_cut_since_the_client_is_found_by_it(books: FreshBooks) -> None:
    body = books.resource("client").body(ADA.model_copy(update={"email": "a" * 300, "organization": "o" * 300}))
    assert (len(body["email"]), len(body["organization"])) == (300, 255)


def test_one_who_lacks_what_every_client_has_is_nobodys_like(books: FreshBooks) -> None:
    """The first page may hold anybody, and takes nobody's new client down."""
    rows = [{"id": 1, "bus_phone": "555"}, {"id": 2, "organization": "Mill", "bus_phone": "555"}]
    assert [one.id for one in books.resource("client").comparable(rows)] == ["2"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Canada", "CA"),
        ("czech republic", "CZ"),
        ("Bosnia and Herzegovina", "BA"),
        ("Cote d'Ivoire", "CI"),
        ("Saint Lucia", "LC"),
        ("U.S.A.", "US"),
        ("de", "DE"),
    ],
)
def test_a_country_is_known_as_people_write_it(name: str, code: str) -> None:
    assert country_code(name) == code


def test_a_country_that_nobody_knows_stays_and_is_the_same_there_and_back(books: FreshBooks) -> None:
    clients = books.resource("client")
    body = clients.body(ADA.model_copy(update={"address": Address(street="1 Road", city="X", country="Narnia")}))
    assert clients.parse({"id": 1, **body}).address.country == "Narnia"
