"""Clients of the books: who they are, what was posted for them, and the credit of theirs that pays nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.accounting.parts import APPLIED
from hub.admin.unfolded import LookOnly, display
from hub.admin.words import day, heading, long, money
from hub.books import clients
from hub.models import BooksClient, Posting

SHOWN = 100
"""Documents on one page; the journal has all."""


@dataclass(frozen=True)
class Row:
    """One document of the client, or one payment on an invoice of theirs."""

    posting: Posting
    title: str
    number: str
    date: str
    amount: str


@dataclass(frozen=True)
class Page:
    client: BooksClient
    name: str
    accounts: list[tuple[str, list[str]]]
    """Currency, and what was invoiced, paid, credited, applied, is owed and is unapplied."""
    unapplied: list[str]
    documents: list[Row]
    payments: list[Row]


@admin.register(BooksClient)
class BooksClientAdmin(LookOnly):
    list_display = ("who", "address", "target", "in_the_books")
    list_display_links = ("who",)
    list_select_related = ("target",)
    list_filter = ("target",)
    search_fields = ("natural_key", "remote_id__exact")
    search_help_text = "E-mail address, or id in the books"
    ordering = ("-id",)

    @display(description="client")
    def who(self, client: BooksClient) -> SafeString:
        return long(name_of(client))

    @display(description="known by", ordering="natural_key")
    def address(self, client: BooksClient) -> SafeString:
        return long(client.natural_key)

    @display(description="open")
    def in_the_books(self, client: BooksClient) -> SafeString | str:
        if not client.url:
            return client.remote_id
        link = '<a class="ch-link" href="{}" target="_blank" rel="noopener noreferrer">in the books</a>'
        return format_html(link, client.url)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Clients"})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        client: BooksClient | None = self.get_object(request, object_id)
        if client is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_permission(request, client):
            raise PermissionDenied
        shown = page(client)
        context = {
            **self.admin_site.each_context(request),
            "title": shown.name,
            "content_title": shown.name,
            "model_admin": self,
            "page": shown,
            "limit": SHOWN,
        }
        return TemplateResponse(request, "admin/hub/client.html", context)


def page(client: BooksClient) -> Page:
    accounts = clients.accounts(client)
    return Page(
        client=client,
        name=name_of(client),
        accounts=[(one.currency, [money(amount, one.currency) for amount in _columns(one)]) for one in accounts],
        unapplied=[money(one.unapplied, one.currency) for one in accounts if one.unapplied > 0],
        documents=_rows(clients.documents(client)),
        payments=_rows(clients.payments(client)),
    )


def name_of(client: Posting) -> str:
    """A person, else the company, else what the client is known by."""
    told = client.document
    person = " ".join(filter(None, (told.get("first_name"), told.get("last_name"))))
    return person or told.get("organization") or client.natural_key


def _columns(one: clients.Account) -> tuple[Any, ...]:
    return one.invoiced, one.paid, one.credited, one.applied, one.owed, one.unapplied


def _rows(postings: QuerySet[Posting]) -> list[Row]:
    newest = postings.select_related("record", "target")[:SHOWN]
    return [
        Row(
            posting=one,
            title="Credit applied" if one.part.startswith(APPLIED) else heading(one.resource),
            number=one.remote_number or one.natural_key,
            date=day(one.date),
            amount=money(one.total if one.booked is None else one.booked, one.currency),
        )
        for one in newest
    ]
