"""The last step: the proposed fortnight, changed before it is accepted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from playbook import starting
from playbook.proposing import Place, Proposal, Why
from playbook.starting.steps import BY_NAME
from production.calendarview.mixing import said
from production.doors import seated
from production.errors import Invalid, Refused
from production.models import Channel, ContentItem, Format, KpiDefinition, Pillar
from production.permissions import Seat
from production.sentences import say

WHY = {
    Why.NO_ROOM: gettext_lazy("There is not enough time inside the windows: add a window."),
    Why.NO_PROVEN: gettext_lazy("No format is proven yet: that comes with the first results."),
    Why.TOO_MANY: gettext_lazy("More than that is planned already: cancel a slot."),
    Why.CLASH: gettext_lazy("Another promise of the week stands against it: change one of them."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A proposed slot in words; `swap` is the number of the next one on its channel."""

    number: int
    place: Place
    channel: Channel
    format: Format | None
    pillar: Pillar | None
    kpi: KpiDefinition | None
    kind: str
    is_kept: bool
    swap: int | None

    @property
    def label(self) -> str:
        return f"{self.channel.name} {self.place.at:%d.%m. %H:%M}"


@require_http_methods(["GET", "HEAD", "POST"])
@seated("playbook.change")
def calendar(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The plan as it would be; accepted, it becomes empty slots."""
    at = timezone.now()
    proposal = starting.proposal_of(seat.workspace, at)
    digest = _digest(proposal)
    order: list[int] = list(range(len(proposal.places)))
    dropped: set[int] = set()
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        if request.POST.get("digest") != digest:
            problems = [_("The plan has changed meanwhile. Here it is as it would be now.")]
            status = 409
        else:
            order, dropped = _sent(request, order)
            answer = _done(request, seat, proposal, order, dropped, problems)
            if answer is not None:
                return answer
            status = 422 if problems else 200
    progress = starting.progress_of(seat.workspace, at)
    context = {
        "step": BY_NAME["calendar"],
        "progress": progress,
        "stand": progress.stands[-1],
        "rows": _rows(seat, proposal, order, dropped),
        "reasons": [(each.monday, said(each.reading), WHY[each.why]) for each in proposal.reasons],
        "order": ",".join(map(str, order)),
        "digest": digest,
        "problems": problems,
        "first": starting.first_monday(seat.workspace, at),
    }
    return render(request, "playbook/start_calendar.html", context, status=status)


def _sent(request: HttpRequest, order: list[int]) -> tuple[list[int], set[int]]:
    """The order and what is left out, as the page sent them; nonsense is as if untouched."""
    kept = set(request.POST.getlist("keep"))
    dropped = {number for number in order if str(number) not in kept}
    try:
        sent = [int(each) for each in request.POST.get("order", "").split(",")]
    except ValueError:
        return order, dropped
    return (sent if sorted(sent) == order else order), dropped


def _done(
    request: HttpRequest,
    seat: Seat,
    proposal: Proposal,
    order: list[int],
    dropped: set[int],
    problems: list[str],
) -> HttpResponse | None:
    """Swapped in place, or accepted and answered; what stands against it goes to `problems`."""
    if "swap" in request.POST:
        _swap(request.POST["swap"], proposal, order)
        return None
    try:
        chosen = starting.arranged(proposal.places, order, dropped)
    except ValueError:
        problems.append(_("Only slots of one channel can be swapped."))
        return None
    if not chosen:
        problems.append(_("Keep at least one slot."))
        return None
    try:
        made = starting.accept([place for _number, place in chosen], seat=seat, at=timezone.now())
    except Invalid as invalid:
        problems += [text for found in invalid.errors.values() for _code, text in found]
        return None
    except Refused as refused:
        problems += [say(each) for each in refused.refusals]
        return None
    words = ngettext(
        "%(count)s slot is in the calendar. Fill it with a card.",
        "%(count)s slots are in the calendar. Fill them with cards.",
        len(made),
    )
    messages.success(request, words % {"count": len(made)})
    first = starting.first_monday(seat.workspace, timezone.now())
    url = reverse("calendar", args=[seat.workspace.slug])
    return redirect(f"{url}?from={first.isoformat()}")


def _swap(sent: str, proposal: Proposal, order: list[int]) -> None:
    """What this place is for and what the next one of its channel is for change places."""
    number = int(sent) if sent.isdecimal() and len(sent) < 4 else -1
    other = _following(proposal, number)
    if other is not None:
        order[number], order[other] = order[other], order[number]


def _following(proposal: Proposal, number: int) -> int | None:
    places = proposal.places
    if not 0 <= number < len(places):
        return None
    channel = places[number].piece.channel
    return next(
        (each for each in range(number + 1, len(places)) if places[each].piece.channel == channel),
        None,
    )


def _rows(seat: Seat, proposal: Proposal, order: list[int], dropped: set[int]) -> list[Row]:
    named: dict[str, Any] = {
        row.public_id: row
        for model in (Channel, Pillar, Format, KpiDefinition)
        for row in model.objects.filter(workspace=seat.workspace)
    }
    kinds = dict(ContentItem.ContentType.choices)
    try:
        chosen = starting.arranged(proposal.places, order, ())
    except ValueError:
        chosen = list(enumerate(proposal.places))
    return [
        Row(
            number,
            place,
            named[place.piece.channel],
            named.get(place.format),
            named.get(place.pillar),
            named.get(place.kpi),
            str(kinds.get(place.piece.kind, "")),
            number not in dropped,
            _following(proposal, number),
        )
        for number, place in chosen
    ]


def _digest(proposal: Proposal) -> str:
    return hashlib.sha256(repr(proposal.places).encode()).hexdigest()[:16]
