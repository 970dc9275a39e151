"""The admin classes that every page builds on. Unfold has no types, so mypy reads Django's own in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import User
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as _ModelAdmin
    from django.contrib.admin import TabularInline as _TabularInline

    ModelAdmin = _ModelAdmin[Any]
    TabularInline = _TabularInline[Any, Any]

    def display(**options: Any) -> Callable[[F], F]: ...

else:
    from unfold.admin import ModelAdmin, TabularInline
    from unfold.decorators import display

__all__ = ["LookOnly", "LookOnlyInline", "ModelAdmin", "TabularInline", "display", "person"]


def person(request: HttpRequest) -> User | None:
    """Whoever is logged in; every page of the admin asks for that first."""
    return request.user if isinstance(request.user, User) else None


class LookOnly(ModelAdmin):
    """A page to look at: rows that only the hub writes. Lists are paged without counting all of history."""

    list_per_page = 50
    paginator = InfinitePaginator
    show_full_result_count = False
    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookOnlyInline(TabularInline):
    """Rows that belong to the record on this page, to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
