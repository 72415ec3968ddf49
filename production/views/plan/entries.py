"""One entry of the plan: add, change, retire, restore."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import plan
from production.doors import seated
from production.errors import Invalid, Stale
from production.forms import show
from production.forms.plan import EntryForm, FormatForm
from production.models import Channel, KpiDefinition
from production.permissions import Seat
from production.plan import Entry, formulas, signals
from production.views.plan.nouns import BY_NOUN, Page


@seated("plan.change")
def add(request: HttpRequest, seat: Seat, noun: str) -> HttpResponse:
    """A new entry."""
    page = BY_NOUN[noun]
    form = page.form(request.POST or None, workspace=seat.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            plan.add(noun, form.values(), seat=seat, at=timezone.now())
        except Invalid as invalid:
            show(form, invalid)
        else:
            return redirect(page.url("", seat))
    return _page(request, seat, page, form)


@seated("plan.change")
def change(request: HttpRequest, seat: Seat, noun: str, public_id: str) -> HttpResponse:
    """Another name, another template, another definition."""
    page, entry = BY_NOUN[noun], _entry(seat, noun, public_id)
    form = page.form(request.POST or None, instance=entry, workspace=seat.workspace)
    now: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            plan.change(entry, form.values(), seat=seat, at=timezone.now(), version=version)
        except Invalid as invalid:
            show(form, invalid)
        except Stale as stale:
            entry = _entry(seat, noun, public_id)
            now = _differing(form, entry)
            sent = request.POST.copy()
            sent["version"] = str(stale.current)
            form.data = sent
        else:
            messages.success(request, _("Saved."))
            return redirect(page.url("", seat))
    return _page(request, seat, page, form, entry=entry, now=now)


@seated("plan.change")
@require_POST
def retire(request: HttpRequest, seat: Seat, noun: str, public_id: str) -> HttpResponse:
    """Out of use, with a way back."""
    page = BY_NOUN[noun]
    entry = plan.retire(_entry(seat, noun, public_id), seat=seat, at=timezone.now())
    messages.info(
        request,
        _("%(name)s is retired.") % {"name": entry},
        extra_tags=page.url("restore", seat, public_id),
    )
    return redirect(page.url("", seat))


@seated("plan.change")
@require_POST
def restore(request: HttpRequest, seat: Seat, noun: str, public_id: str) -> HttpResponse:
    """Back into use."""
    plan.restore(_entry(seat, noun, public_id), seat=seat, at=timezone.now())
    return redirect(BY_NOUN[noun].url("", seat))


@seated("plan.see")
def history(request: HttpRequest, seat: Seat, noun: str, public_id: str) -> HttpResponse:
    """Every definition that a KPI has had, newest first."""
    kpi = _entry(seat, noun, public_id)
    if not isinstance(kpi, KpiDefinition):
        raise Http404
    versions = kpi.versions.select_related("by").order_by("-number")
    return render(
        request,
        "production/plan/history.html",
        {"kpi": kpi, "versions": versions, "list_url": BY_NOUN[noun].url("", seat)},
    )


@seated("plan.change")
def preview(request: HttpRequest, seat: Seat, noun: str) -> HttpResponse:
    """The title formula with its slots, while it is written."""
    formula = request.GET.get("title_formula", "")[:200]
    return render(request, "production/plan/entry.html#title", _title(formula))


def _entry(seat: Seat, noun: str, public_id: str) -> Entry:
    rows = plan.WORDS[noun].model.objects.filter(workspace=seat.workspace, public_id=public_id)
    entry = rows.first()
    if entry is None:
        raise Http404
    return entry


def _title(formula: str) -> dict[str, object]:
    return {
        "formula": formula,
        "slots": formulas.slots(formula),
        "example": formulas.fill(formula, {}),
        "broken": formulas.broken(formula),
    }


def _page(
    request: HttpRequest,
    seat: Seat,
    page: Page,
    form: EntryForm,
    *,
    entry: Entry | None = None,
    now: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    about = {
        "page": page,
        "form": form,
        "entry": entry,
        "now": now or [],
        "list_url": page.url("", seat),
    }
    if isinstance(form, FormatForm):
        form.preview_at(page.url("preview", seat))
        about |= _title(form["title_formula"].value() or "")
    return render(request, "production/plan/entry.html", about)


def _differing(form: EntryForm, entry: Entry) -> list[tuple[str, str]]:
    """What others have saved where the form says something else: label and value, in words."""
    found = []
    for name, written in form.values().items():
        if name == "signals" and isinstance(entry, Channel):
            named = signals.names_of(entry)
            if named != [signal for signal in written if signal]:
                found.append((_("Signals"), ", ".join(named)))
        elif (stored := getattr(entry, name)) != written:
            spoken = getattr(entry, f"get_{name}_display", lambda stored=stored: stored)()
            text = ", ".join(spoken) if isinstance(spoken, list) else spoken
            found.append((str(form.fields[name].label), "" if text is None else str(text)))
    return found
