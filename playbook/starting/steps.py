"""The steps of the first week. A step is done when its data are there; nothing else is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from experiments.models import Baseline, MetricImport
from playbook import strategies
from playbook.models import RegisteredRisk, Responsibility
from production import cycles
from production.models import Channel, Format, Pillar, Slot, UtmTemplate, Workspace

SIGNALS, FORMATS, RISKS = 3, 8, 5
PILLARS = range(3, 6)


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is its address; `why` one sentence for whoever stands before it."""

    name: str
    title: Any
    why: Any


STEPS = (
    Step(
        "strategy",
        _("Strategy"),
        _("One page: what you want, for whom, where, how often, and what the numbers say today."),
    ),
    Step("channels", _("Channels"), _("Two that matter most and one that supports them.")),
    Step(
        "signals",
        _("Signals"),
        _("What the algorithm of each primary channel rewards, and the number that wins there."),
    ),
    Step(
        "conversion",
        _("Core conversion"),
        _("The one thing that everything leads to. With it the ninety days begin."),
    ),
    Step(
        "links",
        _("Tracked links"),
        _("How links are named, so that every visit can be told where it came from."),
    ),
    Step("pillars", _("Pillars"), _("Three to five themes, each with the number that judges it.")),
    Step(
        "formats",
        _("Formats"),
        _("Eight shapes you can repeat, each with a title formula and a call to action."),
    ),
    Step(
        "baseline",
        _("Numbers of before"),
        _("What the channels did in the last weeks; later weeks are measured against it."),
    ),
    Step(
        "owners", _("Who is responsible"), _("Who keeps the data, the production, the community.")
    ),
    Step(
        "risks",
        _("Five risks"),
        _("What could go wrong, what sets it off, and who does something about it then."),
    ),
    Step(
        "calendar",
        _("Calendar"),
        _("Fourteen days of empty slots that keep what a week promises, inside your windows."),
    ),
)
BY_NAME = {step.name: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Stand:
    """A step and how far it is."""

    step: Step
    number: int
    is_done: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    stands: tuple[Stand, ...]

    @property
    def done(self) -> int:
        return sum(each.is_done for each in self.stands)

    @property
    def is_whole(self) -> bool:
        return self.done == len(self.stands)

    @property
    def next_open(self) -> Stand | None:
        """The first step that is not done."""
        return next((each for each in self.stands if not each.is_done), None)

    def after(self, name: str) -> Stand | None:
        """The step that follows."""
        names = [each.step.name for each in self.stands]
        place = names.index(name) + 1
        return self.stands[place] if place < len(names) else None


def progress_of(workspace: Workspace, at: datetime) -> Progress:
    """Every step as the workspace stands at the moment."""
    found = _found(workspace, at)
    return Progress(
        tuple(Stand(step, number, *found[step.name]) for number, step in enumerate(STEPS, start=1))
    )


def _found(workspace: Workspace, at: datetime) -> dict[str, tuple[bool, str]]:
    """Step → whether it is done, and a count where it has one."""
    gaps = strategies.gaps(strategies.content_of(strategies.strategy_of(workspace)))
    channels = list(
        Channel.objects.filter(workspace=workspace, retired_at=None).annotate(
            signal_count=Count("signals")
        )
    )
    primary = [each for each in channels if each.role == Channel.Role.PRIMARY]
    whole = [each for each in primary if each.signal_count == SIGNALS and each.winning_kpi_id]
    cycle = cycles.running(workspace)
    pillars = Pillar.objects.filter(workspace=workspace, retired_at=None).count()
    formats = (
        Format.objects.filter(workspace=workspace, retired_at=None)
        .exclude(title_formula="")
        .exclude(cta="")
        .count()
    )
    people = Responsibility.objects.filter(workspace=workspace, person__isnull=False).count()
    areas = len(Responsibility.Area)
    risks = RegisteredRisk.objects.filter(workspace=workspace, owner__isnull=False)
    owned = risks.exclude(state=RegisteredRisk.State.RETIRED).count()
    slots = Slot.objects.filter(workspace=workspace, cancelled_at=None, starts_at__gte=at).count()
    return {
        "strategy": (not gaps, _of(len(strategies.FIELDS) - len(gaps), len(strategies.FIELDS))),
        "channels": (
            len(primary) == cycles.MOST[Channel.Role.PRIMARY]
            and len(channels) - len(primary) == cycles.MOST[Channel.Role.SUPPORT],
            f"{len(primary)} + {len(channels) - len(primary)}",
        ),
        "signals": (
            bool(primary) and len(whole) == len(primary),
            _of(len(whole), len(primary)),
        ),
        "conversion": (cycle is not None and cycle.core_conversion_id is not None, ""),
        "links": (
            UtmTemplate.objects.filter(workspace=workspace, retired_at=None).exists(),
            "",
        ),
        "pillars": (pillars in PILLARS, str(pillars)),
        "formats": (formats >= FORMATS, _of(min(formats, FORMATS), FORMATS)),
        "baseline": (_has_numbers(workspace), ""),
        "owners": (people == areas, _of(people, areas)),
        "risks": (owned >= RISKS, _of(min(owned, RISKS), RISKS)),
        "calendar": (slots > 0, str(slots)),
    }


def _has_numbers(workspace: Workspace) -> bool:
    counted = Baseline.objects.filter(tracked__workspace=workspace, value__isnull=False)
    applied = MetricImport.objects.filter(workspace=workspace, state=MetricImport.State.APPLIED)
    return counted.exists() or applied.exists()


def _of(have: int, need: int) -> str:
    return f"{have}/{need}"
