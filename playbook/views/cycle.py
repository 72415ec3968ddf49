"""The cycle: day n of ninety, its four phases, what was decided at the end of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from playbook import strategies
from playbook.forms import CycleForm, DecisionForm
from production import cycles, phases
from production.doors import seated
from production.models import Channel, Cycle, CyclePhase
from production.permissions import Seat
from production.views.plan.asked import asked

NAMES = (
    gettext_lazy("Base and measurement"),
    gettext_lazy("Fast experiments, formats locked"),
    gettext_lazy("Scaling and distribution"),
    gettext_lazy("Conversion, community, standards"),
)
# What a phase is for, and what holds at its end (R30, R37, R43, R48).
AIMS = (
    gettext_lazy("Audit done, numbers flow in, baselines frozen."),
    gettext_lazy("Two or three formats beat their baseline again and again."),
    gettext_lazy("The price of a lead falls while the share viewed rises."),
    gettext_lazy("The way of working is written down so that others can take over."),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A phase as the page shows it; `state` is past, now or ahead."""

    phase: CyclePhase
    name: Any
    aim: Any
    begins: date
    ends: date
    state: str
    is_due: bool

    @property
    def days(self) -> int:
        return self.phase.last_day - self.phase.first_day + 1


@seated("cycle.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Where the team is, and what it decides next; the way to begin where no cycle runs."""
    cycle = cycles.running(seat.workspace)
    today = cycles.today_in(seat.workspace, timezone.now())
    past = Cycle.objects.filter(workspace=seat.workspace, ended_at__isnull=False)
    context: dict[str, Any] = {
        "cycle": cycle,
        "may_change": seat.may("cycle.change"),
        "past": past.order_by("-starts_on")[:12],
        "gaps": strategies.gaps(strategies.content_of(strategies.strategy_of(seat.workspace))),
    }
    if cycle is not None:
        context |= {
            "place": phases.place(cycle.starts_on, cycle.phase_ends, today),
            "steps": _steps(cycle, today),
            "channels": cycle.channels.select_related("channel").order_by("role", "channel__name"),
            "days_until": (cycle.starts_on - today).days,
        }
    return render(request, "playbook/cycle.html", context)


@seated("cycle.change")
def begin(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin a cycle."""
    workspace = seat.workspace
    channels = Channel.objects.filter(workspace=workspace, retired_at=None)
    known = {role: list(channels.filter(role=role)) for role in Channel.Role.values}
    today = cycles.today_in(workspace, timezone.now())
    initial = {
        "name": _("Cycle of %(year)s") % {"year": today.year},
        "starts_on": today + timedelta(days=-today.weekday() % 7),
        "primary": known[Channel.Role.PRIMARY][:2],
        "support": known[Channel.Role.SUPPORT][:1],
    }
    form = CycleForm(request.POST or None, workspace=workspace, initial=initial)

    def do() -> None:
        strategies.begin_cycle(
            form.values,
            channels=form.channels,
            seat=seat,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )

    return _asked(request, seat, form, do, title=_("Begin a cycle"), submit=_("Begin"))


@seated("cycle.change")
def decide(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Go on, extend or stop."""
    cycle = _running(seat)
    phase = cycle.phases.filter(number=number).first()
    if phase is None:
        raise Http404
    form = DecisionForm(
        request.POST or None,
        initial={"decision": phase.decision or "go", "note": phase.decision_note, "days": 7},
    )

    def do() -> None:
        data = form.cleaned_data
        cycles.decide(
            cycle,
            number,
            data["decision"],
            note=data["note"],
            days=data["days"],
            seat=seat,
            at=timezone.now(),
        )

    title = _("End of phase %(number)s: %(name)s") % {"number": number, "name": NAMES[number - 1]}
    return _asked(request, seat, form, do, title=title, submit=_("Decide"))


@seated("cycle.change")
@require_POST
def end(request: HttpRequest, seat: Seat) -> HttpResponse:
    """End it; its channels are free again."""
    cycles.end(_running(seat), seat=seat, at=timezone.now())
    return redirect("cycle", seat.workspace.slug)


def _running(seat: Seat) -> Cycle:
    cycle = cycles.running(seat.workspace)
    if cycle is None:
        raise Http404
    return cycle


def _steps(cycle: Cycle, today: date) -> list[Step]:
    found = []
    for phase in cycle.phases.all():
        begins = cycle.starts_on + timedelta(days=phase.first_day - 1)
        ends = cycle.starts_on + timedelta(days=phase.last_day - 1)
        state = "past" if ends < today else "ahead" if today < begins else "now"
        # A decision is due in the last two days of a phase, and stays due.
        is_due = not phase.decision and today >= ends - timedelta(days=1)
        index = phase.number - 1
        found.append(Step(phase, NAMES[index], AIMS[index], begins, ends, state, is_due))
    return found


def _asked(
    request: HttpRequest, seat: Seat, form: BaseForm, do: Any, *, title: str, submit: str
) -> HttpResponse:
    then = reverse("cycle", args=[seat.workspace.slug])
    context = {"title": title, "submit": submit}
    return asked(request, form, do, then=then, context=context, template="playbook/cycle_form.html")
