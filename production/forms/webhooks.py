"""What an owner fills in for a webhook: where to, and of what it is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from production.events import TYPES

# The types that programs ask for most, in words; any other that an endpoint has keeps its code.
WORDS = {
    "item.created": _("a card is written down"),
    "item.moved": _("a card moves to another stage"),
    "item.archived": _("a card is archived"),
    "item.will_miss": _("a card will miss the target"),
    "comment.added": _("somebody comments"),
    "review.requested": _("a review is asked for"),
    "review.approved": _("a review is signed"),
    "review.changes_requested": _("a card is sent back with changes"),
    "publication.ready": _("a publication is ready to go out"),
    "publication.changed": _("a publication changes"),
    "publication.leased": _("a scheduler claims a publication"),
    "publication.released": _("a scheduler gives a publication back"),
    "publication.scheduled": _("a publication is scheduled"),
    "publication.publishing": _("a publication is being published"),
    "publication.published": _("a publication is out"),
    "publication.failed": _("publishing fails"),
    "publication.unconfirmed": _("nobody knows whether a publication is out"),
    "publication.hold_requested": _("somebody asks a scheduler to hold a publication"),
    "publication.cancelled": _("a publication is cancelled"),
    "publication.overdue": _("a publication is overdue"),
    "channel.disconnected": _("a channel loses its connection"),
}


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
        help_text=_("Where the receiver listens: n8n, Zapier, Make or a script of your own."),
    )
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    types = forms.MultipleChoiceField(
        label=_("Tell it when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everything that happens."),
    )

    def __init__(self, *args: Any, kept: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [
            *((each, words) for each, words in WORDS.items() if each in TYPES),
            *((each, each) for each in kept if each not in WORDS),
        ]
