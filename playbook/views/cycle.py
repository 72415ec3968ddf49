"""The cycle: day n of ninety, its four phases, what was decided at the end of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from playbook import phasework, strategies
from playbook.forms import CycleForm, DecisionForm
from playbook.models import PhaseTick, RiskSignal
from production import cycles, phases
from production.doors import seated
from production.errors import Invalid
from production.models import Channel, Cycle, CyclePhase, Workspace
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
class Shown:
    """A line of a checklist with the address at which it is done, and who vouched for it."""

    read: phasework.Read
    address: str
    tick: PhaseTick | None


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
    lines: Sequence[Shown] = ()

    @property
    def done(self) -> int:
        return sum(each.read.is_done for each in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether there is something to do now."""
        return self.state == "now" or (self.is_due and self.done < len(self.lines))

    @property
    def days(self) -> int:
        return self.phase.last_day - self.phase.first_day + 1


@seated("cycle.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Where the team is, and what it decides next; the way to begin where no cycle runs."""
    cycle = cycles.running(seat.workspace)
    at = timezone.now()
    today = cycles.today_in(seat.workspace, at)
    past = Cycle.objects.filter(workspace=seat.workspace, ended_at__isnull=False)
    context: dict[str, Any] = {
        "cycle": cycle,
        "may_change": seat.may("cycle.change"),
        "raised": RiskSignal.objects.filter(risk__workspace=seat.workspace, closed_at=None).count(),
        "past": past.order_by("-starts_on")[:12],
        "gaps": strategies.gaps(strategies.content_of(strategies.strategy_of(seat.workspace))),
    }
    if cycle is not None:
        context |= {
            "place": phases.place(cycle.starts_on, cycle.phase_ends, today),
            "steps": _steps(cycle, today, at),
            "may_work": seat.may("cycle.work"),
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

    lines = _shown(cycle, phase, phasework.ticks_of(cycle), timezone.now())
    title = _("End of phase %(number)s: %(name)s") % {"number": number, "name": NAMES[number - 1]}
    return _asked(request, seat, form, do, title=title, submit=_("Decide"), lines=lines)


@seated("cycle.work")
@require_POST
def vouch(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Tick a line by hand, with what shows it; or take the tick back."""
    cycle, at = _running(seat), timezone.now()
    try:
        if "undo" in request.POST:
            phasework.untick(cycle, code, seat=seat, at=at)
        else:
            said = request.POST.get("evidence", "")
            phasework.tick(cycle, code, evidence=said, seat=seat, at=at)
    except Invalid as invalid:
        for reasons in invalid.errors.values():
            for _code, sentence in reasons:
                messages.error(request, sentence)
    return redirect(reverse("cycle", args=[seat.workspace.slug]) + f"#line-{code}")


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


def _shown(cycle: Cycle, phase: CyclePhase, ticks: Mapping[str, PhaseTick], at: datetime) -> Any:
    return [
        Shown(each, _address(cycle.workspace, each.line.page), ticks.get(each.line.code))
        for each in phasework.checklist(cycle, phase, at=at)
    ]


def _address(workspace: Workspace, name: str) -> str:
    try:
        return reverse(name, args=[workspace.slug]) if name else ""
    except NoReverseMatch:
        return ""


def _steps(cycle: Cycle, today: date, at: datetime) -> list[Step]:
    found = []
    ticks = phasework.ticks_of(cycle)
    for phase in cycle.phases.all():
        begins = cycle.starts_on + timedelta(days=phase.first_day - 1)
        ends = cycle.starts_on + timedelta(days=phase.last_day - 1)
        state = "past" if ends < today else "ahead" if today < begins else "now"
        # A decision is due in the last two days of a phase, and stays due.
        is_due = not phase.decision and today >= ends - timedelta(days=1)
        index = phase.number - 1
        lines = _shown(cycle, phase, ticks, at)
        found.append(Step(phase, NAMES[index], AIMS[index], begins, ends, state, is_due, lines))
    return found


def _asked(
    request: HttpRequest,
    seat: Seat,
    form: BaseForm,
    do: Any,
    *,
    title: str,
    submit: str,
    **more: Any,
) -> HttpResponse:
    then = reverse("cycle", args=[seat.workspace.slug])
    context = {"title": title, "submit": submit} | more
    return asked(request, form, do, then=then, context=context, template="playbook/cycle_form.html")
