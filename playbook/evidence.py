"""From the experiments to what the playbook says: lines of evidence, pooled level by level.

Every randomised experiment that is over counts, decided or not: to count only those that found
something would be to choose the lucky ones. What does not count is kept with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from experiments import rules
from experiments.models import Experiment, Snapshot, VariantDay
from playbook import vocabulary
from playbook.models import Attribute, Evidence, Label, PooledLevel
from playbook.reckoning import pooling
from production.models import Channel, Event, KpiDefinition, ReaderCursor, Workspace

READER = "playbook"
METHOD = 1
POST_SD = 0.7  # between comparable posts, on the log scale: drawn slots compare posts
FRESH = timedelta(days=1)  # evidence ages by the day
SHORT_LIVED: tuple[str | None, ...] = (
    Channel.Platform.TIKTOK,
    Channel.Platform.YOUTUBE_SHORTS,
)
_NEWS = (
    "experiment.results", "experiment.ended", "experiment.decided", "experiment.discounted",
    "experiment.counted", "experiment.changed", "experiment.verdict",
)  # fmt: skip
_OVER = (Experiment.State.ENDED, Experiment.State.DECIDED)
_DECIDED = (Label.PROVEN, Label.LOSING, Label.STALE)
_Pool = tuple[int | None, int, str]  # channel, KPI, attribute


def renew(workspace: Workspace, *, at: datetime) -> int:
    """Make the evidence and what it says anew; how many levels there are.

    A label that stays keeps its day; a level that was proven or losing may only become stale
    because it was.
    """
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        lines = list(_lines(workspace))
        Evidence.objects.filter(workspace=workspace).delete()
        Evidence.objects.bulk_create(lines, batch_size=500)
        return _pool(workspace, lines, at)


def behind(*, at: datetime) -> list[Workspace]:
    """The workspaces with news of experiments, and those whose evidence is a day older."""
    cursors = ReaderCursor.objects.filter(workspace=OuterRef("pk"), reader=READER)
    known = Coalesce(Subquery(cursors.values("seq")[:1]), 0)
    aged = PooledLevel.objects.filter(at__lt=at - FRESH).values("workspace")
    rows = Workspace.objects.filter(Q(last_seq__gt=known) | Q(pk__in=aged))
    return list(rows.order_by("pk"))


def follow(workspace: Workspace, *, at: datetime) -> bool:
    """Renew when the log tells of experiments, or when a day has passed; whether it did."""
    cursor, _made = ReaderCursor.objects.get_or_create(workspace=workspace, reader=READER)
    last = Workspace.objects.values_list("last_seq", flat=True).get(pk=workspace.pk)
    news = Event.objects.filter(workspace=workspace, seq__gt=cursor.seq, seq__lte=last)
    aged = PooledLevel.objects.filter(workspace=workspace, at__lt=at - FRESH)
    is_new = news.filter(type__in=_NEWS).exists() or aged.exists()
    if is_new:
        renew(workspace, at=at)
    ReaderCursor.objects.filter(pk=cursor.pk, seq__lt=last).update(seq=last)
    return is_new


def _lines(workspace: Workspace) -> Iterator[Evidence]:
    """A line for each variant and attribute of the experiments that are over."""
    rows = Experiment.objects.filter(workspace=workspace, state__in=_OVER)
    rows = rows.select_related("kpi").prefetch_related("variants").order_by("pk")
    experiments = list(rows)
    snapshots = _snapshots(experiments)
    sums = _sums(experiments)
    for experiment in experiments:
        if snapshot := snapshots.get(experiment.pk):
            for attribute in Attribute.values:
                yield from _of(experiment, attribute, snapshot, sums)


def _of(
    experiment: Experiment, attribute: str, snapshot: Snapshot, sums: dict[int, Any]
) -> Iterator[Evidence]:
    found = []
    for variant in experiment.variants.all():
        level = vocabulary.level_of(
            attribute, experiment.variable, variant.attributes, variant.text
        )
        if level and variant.pk in sums:
            arm = _arm(experiment, level, sums[variant.pk], snapshot)
            if arm is not None:
                found.append((variant, arm))
    if not found:
        return
    if experiment.invalid_reason:
        excluded = "invalid"
    elif (snapshot.analysis.get("srm") or {}).get("flagged"):
        excluded = "srm"
    else:
        excluded = "" if len({arm.level for _variant, arm in found}) > 1 else "one_level"
    for variant, arm in found:
        yield Evidence(
            workspace_id=experiment.workspace_id,
            experiment=experiment,
            variant=variant,
            kpi_id=experiment.kpi_id,
            channel_id=experiment.channel_id,
            attribute=attribute,
            level=arm.level,
            effect=arm.y,
            variance=arm.v,
            day=sums[variant.pk]["last"],
            randomised=rules.is_randomised(experiment.allocation),
            excluded=excluded,
        )


def _arm(experiment: Experiment, level: str, told: dict[str, Any], snapshot: Snapshot) -> Any:
    """The variant as pooling takes it; None without exposures."""
    kpi = experiment.kpi
    sign = 1 if kpi.direction == KpiDefinition.Direction.UP else -1
    phi = max([1.0, *(row.get("phi") or 1.0 for row in snapshot.analysis["compared"])])
    n, total = told["shown"], told["events"]
    try:
        if kpi.statistic == KpiDefinition.Statistic.MEAN:
            mean = total / n
            spread = (told["squares"] or 0.0) / n - mean**2
            arm = pooling().arm_of_mean(level, mean, spread, n, phi=phi, direction=sign)
        else:
            arm = pooling().arm_of_events(level, total, n, phi=phi, direction=sign)
    except (ValueError, ZeroDivisionError):
        return None
    if experiment.allocation == Experiment.Allocation.RANDOM_SLOTS:
        arm = arm._replace(v=arm.v + POST_SD**2 / told["lines"])
    return arm


def _pool(workspace: Workspace, lines: Sequence[Evidence], at: datetime) -> int:
    today = at.astimezone(ZoneInfo(workspace.time_zone)).date()
    before = {
        (row.channel_id, row.kpi_id, row.attribute, row.level): row
        for row in PooledLevel.objects.filter(workspace=workspace, randomised=True)
    }
    pools: dict[_Pool, list[Evidence]] = defaultdict(list)
    for line in lines:
        if line.randomised and not line.excluded:
            pools[line.channel_id, line.kpi_id, line.attribute].append(line)
    platforms: dict[int | None, str | None] = dict(
        Channel.objects.filter(workspace=workspace).values_list("pk", "platform")
    )
    rows = []
    for key, those in pools.items():
        short = platforms.get(key[0]) in SHORT_LIVED
        half_life = pooling().SHORT_HALF_LIFE if short else pooling().HALF_LIFE
        collected = pooling().collect(_tests(those, today), half_life)
        decided = {
            level
            for (*pool, level), row in before.items()
            if tuple(pool) == key and row.label in _DECIDED
        }
        for found in pooling().pool(collected, decided=decided):
            was = before.get((*key, found.name))
            since = was.label_since if was and was.label == found.label.value else today
            variants = sum(line.level == found.name for line in those)
            rows.append(_row(workspace, key, found, variants, since, at))
    PooledLevel.objects.filter(workspace=workspace).delete()
    PooledLevel.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _tests(lines: Sequence[Evidence], today: date) -> list[Any]:
    grouped: dict[int, list[Evidence]] = defaultdict(list)
    for line in lines:
        grouped[line.experiment_id].append(line)
    return [
        pooling().PastTest(
            str(experiment),
            tuple(pooling().Arm(line.level, line.effect, line.variance) for line in those),
            float(max((today - max(line.day for line in those)).days, 0)),
        )
        for experiment, those in grouped.items()
    ]


def _row(
    workspace: Workspace, key: _Pool, found: Any, variants: int, since: date, at: datetime
) -> PooledLevel:
    channel, kpi, attribute = key
    (low80, high80), (low95, high95) = found.interval_80, found.interval_95
    return PooledLevel(
        workspace=workspace, channel_id=channel, kpi_id=kpi, attribute=attribute,
        level=found.name, label=found.label.value, label_since=since, tests=found.tests,
        effective=found.effective, variants=variants, lift=found.lift, low80=low80, high80=high80,
        low95=low95, high95=high95, better=found.p_better, best=found.p_best,
        next_better=found.p_next, next_low80=found.next_interval[0],
        next_high80=found.next_interval[1], tests_missing=found.more_tests, method=METHOD, at=at,
    )  # fmt: skip


def _snapshots(experiments: Sequence[Experiment]) -> dict[int, Snapshot]:
    newest = Snapshot.objects.filter(experiment=OuterRef("experiment")).order_by("-number")
    rows = Snapshot.objects.filter(experiment__in=experiments)
    rows = rows.filter(pk=Subquery(newest.values("pk")[:1]))
    return {row.experiment_id: row for row in rows}


def _sums(experiments: Sequence[Experiment]) -> dict[int, Any]:
    """What each variant did in all, for the KPI that decides."""
    days = VariantDay.objects.filter(
        variant__experiment__in=experiments, kpi=F("variant__experiment__kpi")
    )
    told = days.values("variant").annotate(
        shown=Sum("exposures"), events=Sum("total"), squares=Sum("sum_squares"),
        lines=Count("pk"), last=Max("day"),
    )  # fmt: skip
    return {row["variant"]: row for row in told}
