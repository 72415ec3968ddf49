"""An alarm in one sentence, and the control that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from production.alarms.read import Alarm, What
from production.models import Publication
from production.permissions import Seat
from production.templatetags.putki import when_text

_MARKS: dict[What, Any] = {
    What.DISCONNECTED: _("disconnected"),
    What.UNCONFIRMED: _("unconfirmed"),
    What.NEEDS_ATTENTION: _("not out"),
    What.FAILED: _("failed"),
    What.OVERDUE: _("overdue"),
}


@dataclass(frozen=True, slots=True)
class Mend:
    """A link that mends it; `is_dialog`: a small form, which script shows as a dialog."""

    label: str
    url: str
    is_dialog: bool = False


def mark(what: What) -> str:
    """The alarm in a word."""
    return str(_MARKS[what])


def sentence(alarm: Alarm) -> str:
    """What is wrong, in the active language and zone; without the name of the card."""
    if alarm.publication is None:
        return _of_channel(alarm)
    return _of_publication(alarm.what, alarm.publication)


def mend(alarm: Alarm, seat: Seat) -> Mend | None:
    """What helps, as far as the person may do it."""
    slug = seat.workspace.slug
    if alarm.publication is None or alarm.item is None:
        if not seat.may("channel.reconnect") or alarm.channel is None:
            return None
        url = reverse("settings-channel-reconnect", args=[slug, alarm.channel.public_id])
        return Mend(gettext("Connected again…"), url, True)
    id, key = alarm.publication.public_id, alarm.item.key
    if alarm.what == What.UNCONFIRMED and seat.may("publication.resolve"):
        url = reverse("item-publication-resolve", args=[slug, key, id])
        return Mend(gettext("I have looked…"), url, True)
    if not seat.may("publication.schedule"):
        return None
    if alarm.what == What.OVERDUE:
        return Mend(gettext("New time…"), reverse("publication-time", args=[slug, id]), True)
    return Mend(gettext("Open the publication"), f"{reverse('item', args=[slug, key])}#publication")


def _of_channel(alarm: Alarm) -> str:
    channel = alarm.channel
    words = {"when": when_text(alarm.since), "why": channel and channel.disconnected_reason}
    if words["why"]:
        return gettext("No tool can publish there since %(when)s: %(why)s") % words
    return gettext("No tool can publish there since %(when)s.") % words


def _of_publication(what: What, publication: Publication) -> str:
    words = {
        "channel": publication.channel.name if publication.channel else gettext("No channel"),
        "when": when_text(publication.publish_at) if publication.publish_at else "–",
        "state": str(publication.get_state_display()).lower(),
        "why": _why(publication),
    }
    if what == What.UNCONFIRMED:
        text = gettext("%(channel)s, %(when)s: nobody knows whether it is out. Look there first.")
        return text % words
    if what == What.OVERDUE:
        text = gettext("%(channel)s: it was to go out %(when)s and is still: %(state)s.")
        return text % words
    if what == What.FAILED:
        if publication.retry_after:
            words["again"] = when_text(publication.retry_after)
            text = gettext("%(channel)s, %(when)s: failed (%(why)s), tried again %(again)s.")
            return text % words
        return gettext("%(channel)s, %(when)s: failed (%(why)s), tried again soon.") % words
    return gettext("%(channel)s, %(when)s: it could not be published (%(why)s).") % words


def _why(publication: Publication) -> str:
    failure = publication.failure or {}
    return str(failure.get("message") or failure.get("code") or gettext("no reason given")).rstrip(
        "."
    )
