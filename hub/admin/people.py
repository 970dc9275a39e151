"""Users and groups, in the look of the other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

if TYPE_CHECKING:
    Person = UserAdmin[User]

    class Look:
        """Unfold's pages, without types."""

else:
    from unfold.admin import ModelAdmin as Look

    Person = UserAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(Person, Look):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "first_name", "last_name", "is_active", "last_login")
    list_per_page = 50


@admin.register(Group)
class TeamAdmin(GroupAdmin, Look):
    list_per_page = 50
