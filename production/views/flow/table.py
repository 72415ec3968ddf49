"""The published items of the page as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from production import csvlines, flow, flowview
from production.doors import seated
from production.errors import Invalid
from production.models import ContentItem
from production.permissions import Seat
from production.views.flow.answers import not_understood

HEADS = (
    "key", "title", "channel", "format", "pillar", "idea_at", "committed_at", "published_at",
    "lead_hours", "cycle_hours", "rework_count", "reopened_count",
)  # fmt: skip


@require_safe
@seated("flow.see")
def items_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Each item that came out in the period with its moments and times; what is unknown is empty.

    Lead hours are counted from where the workspace starts its clock; moments are in its zone.
    """
    try:
        ask = flowview.Ask.of(request.GET, seat.workspace, timezone.now(), user=seat.user)
    except Invalid as invalid:
        return not_understood(request, invalid)
    name = f"flow-{seat.workspace.slug}-{ask.period.start}-{ask.period.end}.csv"
    response = HttpResponse(b"".join(_lines(ask)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(ask: flowview.Ask) -> Iterator[bytes]:
    yield csvlines.BOM.encode() + csvlines.line(HEADS)
    period = ask.period
    out = ask.all_items().filter(published_at__gte=period.begins, published_at__lt=period.ends)
    rows = out.select_related("channel", "format", "pillar").order_by("published_at", "pk")
    for item in rows.iterator(chunk_size=2_000):
        yield csvlines.line(_cells(item, ask))


def _cells(item: ContentItem, ask: flowview.Ask) -> list[str]:
    cycle = flow.cycle_time(item)
    lead = cycle if ask.from_commitment else flow.lead_time(item)
    return [
        f"{ask.workspace.item_prefix}-{item.number}",
        item.title,
        *(each.name if each else "" for each in (item.channel, item.format, item.pillar)),
        *(_moment(each, ask) for each in (item.idea_at, item.committed_at, item.published_at)),
        _hours(lead),
        _hours(cycle),
        str(item.rework_count),
        str(item.reopened_count),
    ]


def _moment(moment: datetime | None, ask: flowview.Ask) -> str:
    return moment.astimezone(ask.zone).isoformat(timespec="minutes") if moment else ""


def _hours(duration: timedelta | None) -> str:
    return "" if duration is None else f"{duration / timedelta(hours=1):.2f}"
