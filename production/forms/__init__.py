"""What people fill in. A form reads and checks the shape; verbs decide."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from production.arranging import stepped
from production.errors import Invalid


def show(form: forms.BaseForm, invalid: Invalid) -> None:
    """Put what a verb found wrong beside the fields of the form."""
    for name, problems in invalid.errors.items():
        for code, sentence in problems:
            error = forms.ValidationError(sentence, code=code)
            form.add_error(name if name in form.fields else None, error)


def order_of(sent: QueryDict) -> list[str]:
    """The order that a list's form asks for: as dragged, or one step `up` or `down`."""
    return stepped(sent.getlist("order"), up=sent.get("up"), down=sent.get("down"))
