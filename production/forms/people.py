from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from production import zones
from production.models import Workspace


class WorkspaceForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Workspace
        fields = (
            "name",
            "language",
            "time_zone",
            "target_hours",
            "baseline_hours",
            "clock_start",
            "wip_limit_per_person",
            "wip_per_person_blocks",
            "min_reviewers",
        )
        help_texts = {
            "language": _("Of letters and of those who have not chosen their own."),
            "target_hours": _("The countdown on every card runs against it."),
            "baseline_hours": _("How long it took before you began to measure."),
            "wip_limit_per_person": _("Empty: no limit."),
            "wip_per_person_blocks": _("Otherwise a card above the limit only gets a warning."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.time_zone
        self.fields["time_zone"].choices = [
            (name, name) for name in sorted({*zones.names(), now} - {""})
        ]


class AddressForm(forms.Form):
    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens. The former address goes on working."),
    )


class DeleteForm(forms.Form):
    typed_name = forms.CharField(
        label=_("Name of the workspace"),
        max_length=200,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
