"""Users and groups, in the look of the other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

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
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("groups", "is_active", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "email", "groups")}),)
    filter_horizontal = ()
    list_display = ("username", "email", "first_name", "last_name", "is_active", "last_login")
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody makes themselves more than they are."""
        return () if request.user.is_superuser else ("is_superuser",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever has an account works in the admin; what they may do there is their groups' affair."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.name == "groups":
            field.help_text = "Each group may do what its name says. Somebody in no group sees nothing."
        return field


@admin.register(Group)
class TeamAdmin(GroupAdmin, Look):
    list_per_page = 50
