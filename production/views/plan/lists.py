"""One list of the plan: what is in use, in its order, and what is retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from production import plan
from production.channelhealth import Health, health_of
from production.doors import seated
from production.forms import order_of
from production.models import Channel, ContentItem
from production.permissions import Seat
from production.plan import Entry
from production.views.plan.nouns import BY_NOUN, Page


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    uses: int
    change_url: str
    retire_url: str
    restore_url: str
    history_url: str = ""
    health: Health | None = None  # of a channel


@seated("plan.see")
def entries(request: HttpRequest, seat: Seat, noun: str) -> HttpResponse:
    """Everybody on the team reads the list; owners find the controls in it."""
    page = BY_NOUN[noun]
    there = list(_with_links(page, seat).order_by("position", "id"))
    uses = _uses(noun, there)
    health = _health(noun, there, seat)
    rows = [
        replace(_row(page, entry, uses.get(entry.pk, 0), seat), health=health.get(entry.pk))
        for entry in there
    ]
    return render(
        request,
        "production/plan/list.html",
        {
            "page": page,
            "rows": [row for row in rows if row.entry.retired_at is None],
            "retired": [row for row in rows if row.entry.retired_at is not None],
            "warnings": plan.warnings(noun, there),
            "may_change": seat.may("plan.change"),
            "add_url": page.url("add", seat),
            "order_url": page.url("order", seat),
            "may_reconnect": seat.may("channel.reconnect"),
            "row_template": f"production/plan/rows/{noun}.html",
        },
    )


@seated("plan.change")
@require_POST
def order(request: HttpRequest, seat: Seat, noun: str) -> HttpResponse:
    """The whole order as dragged, or one step up or down."""
    plan.reorder(noun, order_of(request.POST), seat=seat, at=timezone.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(BY_NOUN[noun].url("", seat))


def _with_links(page: Page, seat: Seat) -> QuerySet[Entry]:
    rows = plan.WORDS[page.noun].model.objects.filter(workspace=seat.workspace)
    match page.noun:
        case "channel":
            return rows.select_related("winning_kpi").prefetch_related("signals")
        case "pillar":
            return rows.select_related("kpi")
        case "goal":
            return rows.select_related("primary_kpi", "secondary_kpi")
        case "kpi":
            return rows.annotate(definitions=Count("versions"))
    return rows


def _uses(noun: str, entries: Sequence[Entry]) -> dict[int, int]:
    """How many cards on the boards name each entry."""
    field = {"kpi": "primary_kpi", "label": "labels"}.get(noun, noun)
    ids = [entry.pk for entry in entries]
    items = ContentItem.objects.active().filter(**{f"{field}__in": ids}).order_by()
    return dict(items.values_list(field).annotate(total=Count("id", distinct=True)))


def _health(noun: str, entries: Sequence[Entry], seat: Seat) -> dict[int, Health]:
    """Channel → how reliably it delivers; of the other words nothing."""
    channels = [each for each in entries if isinstance(each, Channel)]
    if noun != "channel" or not channels:
        return {}
    found = health_of(seat.workspace, channels, timezone.now())
    return {each.channel.pk: each for each in found}


def _row(page: Page, entry: Entry, uses: int, seat: Seat) -> Row:
    return Row(
        entry,
        uses,
        page.url("change", seat, entry.public_id),
        page.url("retire", seat, entry.public_id),
        page.url("restore", seat, entry.public_id),
        page.url("history", seat, entry.public_id) if page.noun == "kpi" else "",
    )
