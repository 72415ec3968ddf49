"""One experiment: the verdict first, then what it rests on, then what to do."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from experiments import register, rules, verdictwords
from experiments.forms.register import ResultsForm
from experiments.models import Experiment, Snapshot
from experiments.verdictwords import chance, interval, lift
from experiments.views.register import figures
from experiments.views.register.found import experiment_of
from production.doors import seated
from production.models import ContentItem
from production.permissions import Seat

State = Experiment.State


@seated("experiment.see")
def page(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """`?expert=1` also shows p-values, phi and variances."""
    experiment = experiment_of(seat, number)
    today = timezone.now().astimezone(ZoneInfo(seat.workspace.time_zone)).date()
    snapshots = list(experiment.snapshots.order_by("-number")[:50])
    last = snapshots[0] if snapshots else None
    said = verdictwords.say(experiment, last, today)
    may = seat.may("experiment.change")
    is_open = experiment.state in (State.RUNNING, State.ENDED)
    context = {
        "experiment": experiment,
        "grade": rules.grade(experiment.allocation),
        "draws": _draws(experiment),
        "to_draw": may and _is_to_draw(experiment),
        "over_full": register.is_over_full(experiment),
        "last": last,
        "said": said,
        "why": verdictwords.why(experiment, {}),
        "checks": _checks(experiment, last),
        "forest": None if said.hidden or not last else figures.forest(experiment, last),
        "by_day": None if said.hidden or not last else figures.by_day(experiment, last),
        "variants": _variants(experiment, last),
        "split": _split(last),
        "history": [_told(experiment, each) for each in snapshots],
        "expert": request.GET.get("expert") == "1" and last and not said.hidden,
        "may_change": may,
        "may_decide": may and is_open,
        "may_add": may and experiment.state not in (State.PLANNED, State.CANCELLED),
        "suits": [
            each for each in ContentItem.Decision.values
            if register.fits(experiment, last.verdict if last else None, each)
        ],
        "decisions": ContentItem.Decision.choices,
        "results_form": ResultsForm(),
        "has_publications": any(each.publications.all() for each in experiment.variants.all()),
    }  # fmt: skip
    return render(request, "experiments/register/experiment.html", context)


def _is_to_draw(experiment: Experiment) -> bool:
    is_r3 = experiment.allocation == Experiment.Allocation.RANDOM_SLOTS
    return is_r3 and experiment.state == State.PLANNED and not experiment.draws.exists()


def _draws(experiment: Experiment) -> list[Any]:
    rows = experiment.draws.select_related("slot", "variant", "slot__publication__item")
    return list(rows.order_by("slot__starts_at", "id"))


def _checks(experiment: Experiment, last: Snapshot | None) -> list[dict[str, str]]:
    """The split and the guardrails, on top: without them no lift means anything."""
    if last is None:
        return []
    found = []
    if split := last.analysis.get("srm"):
        found.append(
            {
                "status": _("not as planned") if split["flagged"] else _("ok"),
                "tone": "bad" if split["flagged"] else "good",
                "name": _("Split"),
                "text": _("largest gap %(gap)s") % {"gap": lift(split["deviation"]).lstrip("+")},
            }
        )
    elif last.analysis.get("uneven"):
        found.append({"status": _("uneven delivery"), "tone": "unsure", "name": _("Split"),
                      "text": _("the platform chose who sees what")})  # fmt: skip
    names = {rail.kpi.code: rail.kpi.name for rail in experiment.guardrails.all()}
    for row in last.analysis["compared"]:
        for rail in row["guardrails"]:
            found.append(
                {
                    "status": str(verdictwords.GUARDS[rail["state"]]),
                    "tone": verdictwords.GUARD_TONES.get(rail["state"], "unsure"),
                    "name": f"{names.get(rail['kpi'], rail['kpi'])}, {row['label']}",
                    "text": _("margin %(margin)s") % {"margin": lift(rail["margin"]).lstrip("+")},
                }
            )
    return found


def _variants(experiment: Experiment, last: Snapshot | None) -> list[dict[str, Any]]:
    numbers = {each["label"]: each for each in last.analysis["variants"]} if last else {}
    compared = {each["label"]: each for each in last.analysis["compared"]} if last else {}
    kpi = experiment.kpi
    found = []
    for variant in sorted(experiment.variants.all(), key=lambda each: each.position):
        seen, row = numbers.get(variant.label, {}), compared.get(variant.label, {})
        exposures, total = seen.get("exposures"), seen.get("total")
        found.append(
            {
                "variant": variant,
                "exposures": verdictwords.number(exposures),
                "total": verdictwords.number(total),
                "rate": verdictwords.rate(kpi, total, exposures),
                "interval": interval(row) if row else "–",
                "lift": lift(row.get("lift")) if row else "–",
                "realistic": lift(row.get("realistic")) if row else "–",
                "chance": chance(row.get("p_better")) if row else "–",
                "row": row,
            }
        )
    return found


def _split(last: Snapshot | None) -> list[tuple[str, str, str]]:
    split = last.analysis.get("srm") if last else None
    if not last or not split:
        return []
    labels = [each["label"] for each in last.analysis["variants"]]
    pairs = zip(labels, split["observed"], split["expected"], strict=True)
    return [
        (label, verdictwords.number(seen), verdictwords.number(planned, 0))
        for label, seen, planned in pairs
    ]


def _told(experiment: Experiment, snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as the history shows it; its range only where the gate was passed."""
    shown = snapshot.verdict not in verdictwords.HIDDEN and not experiment.invalid_reason
    rows = snapshot.analysis["compared"] if shown else []
    return {
        "snapshot": snapshot,
        "label": verdictwords.LABELS.get(snapshot.verdict, snapshot.verdict),
        "reason": verdictwords.REASONS[snapshot.reason],
        "ranges": ", ".join(f"{row['label']} {interval(row)}" for row in rows),
    }
