"""The first week, a page a step: what is there already is filled in, and any step can wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from experiments.forms.metricfiles import MetricFileForm
from playbook import starting, strategies
from playbook.forms import ResponsibilityForm, StrategyForm
from playbook.startforms import (
    ChannelsForm,
    ConversionForm,
    FormatsForm,
    PillarsForm,
    RisksForm,
    SignalsForm,
)
from playbook.starting.drafts import strategy_draft
from playbook.starting.steps import BY_NAME
from production import cycles, utmtemplates
from production.doors import seated
from production.errors import Invalid, Refused, Stale
from production.forms import show
from production.forms.links import UtmForm
from production.models import Channel
from production.permissions import Seat
from production.sentences import say

DONE = 303


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step asks and what is done with it; without a form there is something to read."""

    form: BaseForm | None = None
    do: Callable[[], Any] | None = None
    wide: bool = False
    more: tuple[str, str] | None = None  # address and words of the page that knows more


@require_safe
@seated("playbook.change")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every step and how far it is."""
    progress = starting.progress_of(seat.workspace, timezone.now())
    return render(request, "playbook/start.html", {"progress": progress})


@require_http_methods(["GET", "HEAD", "POST"])
@seated("playbook.change")
def step(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """One step: saved, it leads to the next; what is wrong stands beside its field."""
    if name not in _ASKED:
        raise Http404
    asked = _ASKED[name](request, seat)
    status, problems = 200, list[str]()
    if request.method == "POST" and asked.form is not None and asked.do is not None:
        status, problems = _tried(asked.form, asked.do)
        if status == DONE:
            return redirect(_next(seat, name))
    progress = starting.progress_of(seat.workspace, timezone.now())
    if asked.form is not None:
        _focus(asked.form)
    context = {
        "asked": asked,
        "form": asked.form,
        "problems": problems,
        "step": BY_NAME[name],
        "progress": progress,
        "stand": next(each for each in progress.stands if each.step.name == name),
        "next_url": _next(seat, name),
        "action": reverse("metric-imports", args=[seat.workspace.slug])
        if name == "baseline"
        else "",
        "cycle": cycles.running(seat.workspace) if name == "conversion" else None,
    }
    return render(request, "playbook/start_step.html", context, status=status)


def _tried(form: BaseForm, do: Callable[[], Any]) -> tuple[int, list[str]]:
    """The status of the answer and what stands against it; DONE where nothing does."""
    if not form.is_valid():
        return 422, []
    try:
        do()
    except Invalid as invalid:
        show(form, invalid)
        return 422, []
    except Refused as refused:
        return 409, [say(each) for each in refused.refusals]
    except Stale:
        return 409, [_("Somebody was faster. Look at what it says now, then try again.")]
    return DONE, []


def _next(seat: Seat, name: str) -> str:
    following = starting.progress_of(seat.workspace, timezone.now()).after(name)
    slug = seat.workspace.slug
    if following is None:
        return reverse("start", args=[slug])
    if following.step.name == "calendar":
        return reverse("start-calendar", args=[slug])
    return reverse("start-step", args=[slug, following.step.name])


def _focus(form: BaseForm) -> None:
    """The cursor stands in the first field that is wrong, else in the first."""
    names = [*form.errors, *(each.name for each in form.visible_fields())]
    first = next((name for name in names if name in form.fields), None)
    if first:
        form.fields[first].widget.attrs["autofocus"] = True


def _strategy(request: HttpRequest, seat: Seat) -> Asked:
    written = strategies.strategy_of(seat.workspace)
    initial: dict[str, Any] = {"version": written.version if written else 0}
    draft = strategy_draft(seat.workspace)
    content = strategies.content_of(written)
    initial |= {name: content[name] or draft.get(name, "") for name in strategies.FIELDS}
    form = StrategyForm(request.POST or None, instance=written, initial=initial)
    for name in strategies.FIELDS:
        form.fields[name].required = True
        form.fields[name].widget.attrs["rows"] = 3

    def do() -> None:
        version = form.cleaned_data["version"]
        strategies.save(form.values, version=version, seat=seat, at=timezone.now())

    return Asked(form, do)


def _channels(request: HttpRequest, seat: Seat) -> Asked:
    form = ChannelsForm(request.POST or None, seat=seat)
    more = (reverse("settings-channels-add", args=[seat.workspace.slug]), _("Add a channel"))
    return Asked(form, lambda: form.write(seat=seat, at=timezone.now()), more=more)


def _signals(request: HttpRequest, seat: Seat) -> Asked:
    form = SignalsForm(request.POST or None, seat=seat)
    return Asked(form, lambda: form.write(seat=seat, at=timezone.now()), wide=True)


def _conversion(request: HttpRequest, seat: Seat) -> Asked:
    workspace = seat.workspace
    cycle = cycles.running(workspace)
    today = cycles.today_in(workspace, timezone.now())
    initial = {
        "name": _("Cycle of %(year)s") % {"year": today.year},
        "starts_on": today + timedelta(days=-today.weekday() % 7),
    }
    if cycle is not None:
        names = ("name", "starts_on", "template", "core_conversion")
        initial = {name: getattr(cycle, name) for name in names}
    form = ConversionForm(request.POST or None, workspace=workspace, initial=initial)

    def do() -> None:
        at = timezone.now()
        if cycle is not None:
            cycles.change(cycle, form.values, seat=seat, at=at)
            return
        rows = Channel.objects.filter(workspace=workspace, retired_at=None)
        roles = {each: each.role for each in rows}
        strategies.begin_cycle(form.values, channels=roles, seat=seat, at=at)

    more = None
    if cycle is None and strategies.gaps(strategies.content_of(strategies.strategy_of(workspace))):
        more = (reverse("start-step", args=[workspace.slug, "strategy"]), _("To the strategy"))
    return Asked(form, do, more=more)


def _links(request: HttpRequest, seat: Seat) -> Asked:
    rows = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
    found = utmtemplates.in_use(seat).filter(channel=None).first()
    form = UtmForm(request.POST or None, channels=rows, template=found)
    for name in ("channel", "url"):
        form.fields.pop(name, None)

    def do() -> None:
        at = timezone.now()
        if found is None:
            utmtemplates.add(form.values, seat=seat, at=at)
        else:
            version = form.cleaned_data["version"]
            utmtemplates.change(found, form.values, seat=seat, at=at, version=version)

    more = (reverse("settings-links", args=[seat.workspace.slug]), _("Links of single channels"))
    return Asked(form, do, more=more)


def _pillars(request: HttpRequest, seat: Seat) -> Asked:
    form = PillarsForm(request.POST or None, seat=seat)
    return Asked(form, lambda: form.write(seat=seat, at=timezone.now()), wide=True)


def _formats(request: HttpRequest, seat: Seat) -> Asked:
    form = FormatsForm(request.POST or None, seat=seat)
    more = (
        reverse("settings-formats", args=[seat.workspace.slug]),
        _("Scripts, shots and lengths of the formats"),
    )
    return Asked(form, lambda: form.write(seat=seat, at=timezone.now()), wide=True, more=more)


def _baseline(request: HttpRequest, seat: Seat) -> Asked:
    more = (reverse("kpis", args=[seat.workspace.slug]), _("Type the numbers instead"))
    return Asked(MetricFileForm(), None, more=more)


def _owners(request: HttpRequest, seat: Seat) -> Asked:
    form = ResponsibilityForm(request.POST or None, workspace=seat.workspace)
    for name, field in form.fields.items():
        if name.endswith("_person"):
            field.required = True
            if not form.initial.get(name):
                form.initial[name] = seat.user.pk
    more = (reverse("settings-people", args=[seat.workspace.slug]), _("Invite people"))

    def do() -> None:
        strategies.entrust(form.pairs, seat=seat, at=timezone.now())

    return Asked(form, do, wide=True, more=more)


def _risks(request: HttpRequest, seat: Seat) -> Asked:
    form = RisksForm(request.POST or None, seat=seat)
    more = (reverse("risks", args=[seat.workspace.slug]), _("The register"))
    return Asked(form, lambda: form.write(seat=seat, at=timezone.now()), more=more)


_ASKED: dict[str, Callable[[HttpRequest, Seat], Asked]] = {
    "strategy": _strategy,
    "channels": _channels,
    "signals": _signals,
    "conversion": _conversion,
    "links": _links,
    "pillars": _pillars,
    "formats": _formats,
    "baseline": _baseline,
    "owners": _owners,
    "risks": _risks,
}
