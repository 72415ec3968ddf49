"""The three signals of a channel, most important first (R2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from production.errors import Invalid
from production.models import Channel, ChannelSignal

MOST = 3


def cleaned(names: Sequence[str]) -> list[str]:
    """The names without gaps. Raises Invalid for more than three, a long or a repeated one."""
    found = [" ".join(name.split()) for name in names if name.strip()]
    if len(found) > MOST:
        raise Invalid({"signals": [("too_many", _("Name the three most important signals."))]})
    if len({name.lower() for name in found}) < len(found):
        raise Invalid({"signals": [("repeated", _("Name each signal once."))]})
    if any(len(name) > 60 for name in found):
        raise Invalid({"signals": [("too_long", _("Keep each signal below 60 letters."))]})
    return found


def names_of(channel: Channel) -> list[str]:
    """What the channel's signals are called, most important first."""
    return [signal.name for signal in sorted(channel.signals.all(), key=lambda each: each.rank)]


def write(channel: Channel, names: Sequence[str]) -> None:
    """Replace the channel's signals. Part of a verb."""
    channel.signals.all().delete()
    ChannelSignal.objects.bulk_create(
        ChannelSignal(channel=channel, rank=rank, name=name)
        for rank, name in enumerate(names, start=1)
    )
