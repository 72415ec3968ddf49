from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from production.models import Channel, UtmTemplate
from production.utm import SLOTS, Template
from production.utmtemplates import PARTS


class UtmForm(forms.Form):
    """How links are named; `url` is only an address to try it on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        to_field_name="public_id",
        required=False,
        label=_("Only for channel"),
        empty_label=_("Every channel without one of its own"),
    )
    source = forms.CharField(label=_("Source"), max_length=100, help_text="utm_source")
    medium = forms.CharField(label=_("Medium"), max_length=100, help_text="utm_medium")
    campaign = forms.CharField(
        label=_("Campaign"), max_length=100, required=False, help_text="utm_campaign"
    )
    content = forms.CharField(
        label=_("Content"), max_length=100, required=False, help_text="utm_content"
    )
    term = forms.CharField(label=_("Term"), max_length=100, required=False, help_text="utm_term")
    url = forms.CharField(
        label=_("Try it on"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        initial="https://example.org/guide",
    )

    def __init__(
        self, data: Any = None, *, channels: Any, template: UtmTemplate | None = None
    ) -> None:
        shown = template or Template()
        initial: dict[str, Any] = {name: getattr(shown, name) for name in PARTS}
        if template is not None:
            initial["version"] = template.version
        super().__init__(data, initial=initial)
        self.fields["channel"].queryset = channels  # type: ignore[attr-defined]
        if template is not None:
            del self.fields["channel"]

    @property
    def slots(self) -> list[str]:
        return [f"{{{slot}}}" for slot in SLOTS]

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in PARTS}
