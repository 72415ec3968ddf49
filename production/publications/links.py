"""Tracked links of a publication: built anew whenever its address or a template changes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext as _

from production import utm
from production.errors import Invalid
from production.models import ContentItem, Publication, TrackedLink, UtmTemplate

LONGEST = 1_000  # of a link with its parameters, escaped


def template_for(publication: Publication) -> utm.Template:
    return template_of(publication.workspace_id, publication.channel_id)


def template_of(workspace_id: int, channel_id: int | None) -> utm.Template:
    """The channel's own template, else the workspace's, else the usual one."""
    found = (
        UtmTemplate.objects.filter(workspace=workspace_id, retired_at=None)
        .filter(Q(channel=None) | Q(channel=channel_id, channel__isnull=False))
        .order_by(F("channel").asc(nulls_last=True))
        .first()
    )
    if found is None:
        return utm.Template()
    return utm.Template(found.source, found.medium, found.campaign, found.content, found.term)


def values_of(publication: Publication, item: ContentItem, at: datetime) -> dict[str, str]:
    """What the slots of a template stand for."""
    channel = publication.channel
    zone = ZoneInfo(publication.time_zone or item.workspace.time_zone)
    day = (publication.publish_at or at).astimezone(zone).date()
    return {
        "platform": channel.platform if channel else "",
        "channel": channel.name if channel else "",
        "handle": channel.handle.lstrip("@") if channel else "",
        "placement": str(publication.platform_settings.get("post_type", "")),
        "publication": publication.public_id,
        "variant": publication.variant,
        "key": item.key,
        "pillar": item.pillar.name if item.pillar else "",
        "format": item.format.name if item.format else "",
        "goal": item.goal.name if item.goal else "",
        "type": item.content_type,
        "year": str(day.year),
        "quarter": str((day.month + 2) // 3),
        "month": f"{day.month:02}",
        "week": f"{day.isocalendar().week:02}",
    }


def build(publication: Publication, item: ContentItem, at: datetime) -> TrackedLink | None:
    """Bring the link of the call to action up to date; None when there is no address."""
    rows = TrackedLink.objects.filter(publication=publication, role=TrackedLink.Role.CTA)
    if not publication.link_url:
        rows.delete()
        return None
    try:
        made = utm.build(
            publication.link_url, template_for(publication), values_of(publication, item, at)
        )
    except ValueError:
        sentence = _("This is not the address of a web page.")
        raise Invalid({"link_url": [("invalid", sentence)]}) from None
    if len(made.url) > LONGEST:
        sentence = _("With the parameters of the campaign this address is too long.")
        raise Invalid({"link_url": [("max_length", sentence)]})
    link, _new = rows.update_or_create(
        publication=publication,
        role=TrackedLink.Role.CTA,
        defaults={"target": publication.link_url, "utm": dict(made.utm), "url": made.url},
    )
    return link


def bare(publication: Publication) -> list[str]:
    """Addresses in what goes out that are not tracked."""
    words = (publication.title, publication.caption, publication.first_comment)
    found = utm.bare_links("\n".join(words))
    if publication.link_url:
        made = publication.links.filter(target=publication.link_url).first()
        if made is None or not utm.is_tracked(made.url):
            found.append(publication.link_url)
    return found
