"""How tracked links are named (R4): one template for the workspace, and one for a channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from production import events, parts, utm
from production.changes import require_version
from production.errors import Invalid
from production.models import Channel, Publication, UtmTemplate
from production.permissions import Seat
from production.publications import links, states
from production.publications.held import locked

PARTS = ("source", "medium", "campaign", "content", "term")
# What goes out can still be named anew; what a tool has, or is out, keeps its link.
_OWN = (
    states.DRAFT, states.IN_REVIEW, states.READY, states.ON_HOLD, states.FAILED,
    states.NEEDS_ATTENTION,
)  # fmt: skip


@transaction.atomic
def add(
    values: Mapping[str, str], *, seat: Seat, at: datetime, channel: Channel | None = None
) -> UtmTemplate:
    """The template of a channel, or of the workspace. Raises Invalid, also where there is one."""
    seat.require("window.change")
    if channel is not None and channel.workspace_id != seat.workspace.pk:
        raise Invalid({"channel": [("does_not_exist", _("Choose a channel."))]})
    parts.only(values, PARTS)
    checked = _checked(values)
    if in_use(seat).filter(channel=channel).exists():
        sentence = _("There is a template for this already. Change that one.")
        raise Invalid({"channel": [("taken", sentence)]})
    template = UtmTemplate.objects.create(workspace=seat.workspace, channel=channel, **checked)
    _build_anew(template, at)
    _record(
        "utm_template.added", template, seat, at, {each: getattr(template, each) for each in PARTS}
    )
    return template


@transaction.atomic
def change(
    template: UtmTemplate,
    changes: Mapping[str, str],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> UtmTemplate:
    """Name links differently from now on: those that have not been handed over are built anew.

    Raises Invalid, Stale.
    """
    seat.require("window.change")
    parts.only(changes, PARTS)
    template = UtmTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    require_version(template, version, changes)
    now = {each: getattr(template, each) for each in PARTS}
    checked = _checked({**now, **changes})
    noted = {each: [now[each], checked[each]] for each in PARTS if now[each] != checked[each]}
    if not noted:
        return template
    for name, (_old, value) in noted.items():
        setattr(template, name, value)
    template.version += 1
    template.save(update_fields=[*noted, "version"])
    _build_anew(template, at)
    _record("utm_template.changed", template, seat, at, {"changes": noted})
    return template


@transaction.atomic
def retire(template: UtmTemplate, *, seat: Seat, at: datetime) -> UtmTemplate:
    """Use it no more: the workspace's, or the usual one, takes its place. Twice is once."""
    seat.require("window.change")
    template = UtmTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if template.retired_at is None:
        template.retired_at = at
        template.save(update_fields=["retired_at"])
        _build_anew(template, at)
        _record("utm_template.retired", template, seat, at, {})
    return template


def in_use(seat: Seat) -> Any:
    return UtmTemplate.objects.filter(workspace=seat.workspace, retired_at=None)


def preview(
    url: str, values: Mapping[str, str], *, seat: Seat, at: datetime, channel: Channel | None = None
) -> utm.Tracked:
    """The link as it would go out from the channel today. Raises Invalid; writes nothing."""
    template = utm.Template(**_checked(values))
    day = at.astimezone(ZoneInfo(seat.workspace.time_zone)).date()
    sample = {
        "platform": channel.platform if channel else "platform",
        "channel": channel.name if channel else "channel",
        "handle": channel.handle.lstrip("@") if channel else "handle",
        "placement": "reel",
        "publication": "pub_01JQ8Z6T2M",
        "variant": "B",
        "key": f"{seat.workspace.item_prefix}-42",
        "pillar": "pillar",
        "format": "format",
        "goal": "goal",
        "type": "video",
        "year": str(day.year),
        "quarter": str((day.month + 2) // 3),
        "month": f"{day.month:02}",
        "week": f"{day.isocalendar().week:02}",
    }
    try:
        return utm.build(url.strip(), template, sample)
    except ValueError:
        sentence = _("This is not the address of a web page.")
        raise Invalid({"url": [("invalid", sentence)]}) from None


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    """Every part as it is stored; without source and medium a visit could not be told apart."""
    usual = utm.Template()
    found: dict[str, str] = {}
    wrong: dict[str, Any] = {}
    for name in PARTS:
        try:
            given = values.get(name, getattr(usual, name))
            found[name] = parts.line_of(name, given, limit=100, required=name in PARTS[:2])
            utm.slots_of(found[name])
        except Invalid as invalid:
            wrong |= invalid.errors
        except utm.UnknownSlot as unknown:
            sentence = _("{%(slot)s} is not a slot. They are: %(slots)s.") % {
                "slot": unknown.slot,
                "slots": ", ".join(utm.SLOTS),
            }
            wrong[name] = [("unknown_slot", sentence)]
    if wrong:
        raise Invalid(wrong)
    return found


def _build_anew(template: UtmTemplate, at: datetime) -> None:
    """The links that this template names: of its channel, or of those without one of their own."""
    rows = Publication.objects.filter(workspace=template.workspace_id, state__in=_OWN)
    rows = rows.exclude(link_url="").select_related(
        "channel", "item__workspace", "item__pillar", "item__format", "item__goal"
    )
    if template.channel_id is not None:
        rows = rows.filter(channel=template.channel_id)
    for publication in locked(rows.order_by("id")):
        links.build(publication, publication.item, at)


def _record(
    type: str, template: UtmTemplate, seat: Seat, at: datetime, data: dict[str, Any]
) -> None:
    events.record(
        type,
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={
            "template": template.public_id,
            "channel": template.channel.public_id if template.channel else None,
            **data,
        },
    )
