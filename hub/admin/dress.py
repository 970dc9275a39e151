"""Forms that are not made from a model, dressed like the rest of the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

DRESS: tuple[tuple[type[forms.Widget], Any], ...] = (
    (forms.HiddenInput, forms.HiddenInput),
    (forms.PasswordInput, UnfoldAdminPasswordWidget),
    (forms.CheckboxInput, UnfoldBooleanSwitchWidget),
    (forms.RadioSelect, UnfoldAdminRadioSelectWidget),
    (forms.SelectMultiple, UnfoldAdminSelectMultipleWidget),
    (forms.Select, UnfoldAdminSelectWidget),
    (forms.Textarea, UnfoldAdminTextareaWidget),
    (forms.DateInput, UnfoldAdminSingleDateWidget),
    (forms.URLInput, UnfoldAdminTextInputWidget),
    (forms.NumberInput, UnfoldAdminIntegerFieldWidget),
    (forms.TextInput, UnfoldAdminTextInputWidget),
)
"""A plain widget → the admin's. The first that fits."""


def dressed(field: forms.Field) -> forms.Field:
    """The same field with the admin's widget; attributes set by its author stay."""
    plain = field.widget
    if type(plain).__module__.startswith("unfold"):
        return field
    attrs: dict[str, Any] = {name: value for name, value in plain.attrs.items() if name != "class"}
    field.widget = _look(plain)(attrs)
    if isinstance(plain, forms.widgets.ChoiceWidget) and isinstance(field.widget, forms.widgets.ChoiceWidget):
        field.widget.choices = plain.choices
    field.widget.is_required = field.required
    field.widget.is_localized = field.localize
    return field


def dress(form: forms.Form) -> None:
    for field in form.fields.values():
        dressed(field)


def _look(widget: forms.Widget) -> Any:
    return next((look for plain, look in DRESS if isinstance(widget, plain)), type(widget))
