from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from production import zones
from production.models import User, Workspace


class SignupForm(forms.Form):
    """What sign-up asks for beside address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class NewWorkspaceForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Your team, studio or client."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Workspace._meta.get_field("language").choices,
        help_text=_("Of the stages, gates and formats it begins with."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    preset = forms.ChoiceField(
        label=_("Begin with"),
        choices=[
            ("method", _("Everything: board, gates, KPIs, goals, channels, pillars and 8 formats")),
            ("board", _("The board with its stages alone")),
        ],
        initial="method",
        widget=forms.RadioSelect,
        help_text=_("All of it can be changed afterwards."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(name, name) for name in zones.names()]


class AccountForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("In which you read and write times."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "dense", "single_key_shortcuts")
        help_texts = {
            "single_key_shortcuts": _("C for a new card, / to filter, ? for the list of keys."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [
            ("", _("As in the workspace")),
            *((name, name) for name in zones.names()),
        ]
