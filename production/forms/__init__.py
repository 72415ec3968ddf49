"""What people fill in. A form reads and checks the shape; verbs decide."""

from __future__ import annotations

from django import forms

from production.errors import Invalid


def show(form: forms.BaseForm, invalid: Invalid) -> None:
    """Put what a verb found wrong beside the fields of the form."""
    for name, problems in invalid.errors.items():
        for code, sentence in problems:
            error = forms.ValidationError(sentence, code=code)
            form.add_error(name if name in form.fields else None, error)
