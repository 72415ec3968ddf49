"""The headline of every workspace's flow for a collector of metrics (Prometheus' text format).

A scrape never costs more than a little: figures are kept for a minute, and of those that have
grown old only so many are taken anew as fit into the time that one scrape may spend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import perf_counter

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from production import flowview
from production.models import ContentItem, Workspace

KEPT = timedelta(minutes=1)
AT_MOST = 0.25  # seconds that one scrape may spend on taking figures
MOST_WORKSPACES = 1_000

# name → what it says; the unit is the end of the name
GAUGES = {
    "putki_flow_lead_time_seconds": "Lead time of the items published in the last 30 days.",
    "putki_flow_lead_time_target_seconds": "The lead time that is wanted.",
    "putki_flow_within_target_ratio": "Share of those items that took no longer than the target.",
    "putki_flow_promise_kept_ratio": "Share of those items that kept the promise.",
    "putki_flow_published_items": "Items published in the last 30 days with a known lead time.",
    "putki_flow_in_progress_items": "Items committed and not out.",
    "putki_flow_figures_age_seconds": "How long ago these figures were taken.",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One workspace's figures as (gauge, quantile or "", value), and when they were taken."""

    slug: str
    at: datetime
    values: tuple[tuple[str, str, float], ...]


class Gauges(Collector):
    """What one process has taken; processes do not share."""

    def __init__(self) -> None:
        self.kept: dict[int, Taken] = {}
        self.lock = Lock()
        self.now: datetime | None = None

    def text(self, now: datetime) -> bytes:
        """The gauges at this moment. A figure that nobody can say has no line."""
        if self.lock.acquire(blocking=False):
            try:
                self._take(now)
            finally:
                self.lock.release()
        self.now = now
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families = {
            name: GaugeMetricFamily(
                name, says, labels=["workspace", "quantile"] if _has_ranks(name) else ["workspace"]
            )
            for name, says in GAUGES.items()
        }
        for taken in list(self.kept.values()):
            age = (self.now - taken.at).total_seconds() if self.now else 0.0
            values = (*taken.values, ("putki_flow_figures_age_seconds", "", age))
            for name, rank, value in values:
                families[name].add_metric([taken.slug, *([rank] if rank else [])], value)
        yield from families.values()

    def _take(self, now: datetime) -> None:
        rows = list(Workspace.objects.order_by("pk")[:MOST_WORKSPACES])
        present = {row.pk for row in rows}
        for gone in self.kept.keys() - present:
            del self.kept[gone]
        began = perf_counter()
        for row in sorted(rows, key=self._last):
            taken = self.kept.get(row.pk)
            if taken and now - taken.at < KEPT:
                continue
            if perf_counter() - began > AT_MOST:
                return
            self.kept[row.pk] = take(row, now)

    def _last(self, workspace: Workspace) -> tuple[bool, float, int]:
        """Those never taken first, then the oldest."""
        taken = self.kept.get(workspace.pk)
        return (taken is not None, taken.at.timestamp() if taken else 0.0, workspace.pk)


GAUGES_OF_THIS_PROCESS = Gauges()


def text(now: datetime) -> bytes:
    """What this process says to a collector."""
    return GAUGES_OF_THIS_PROCESS.text(now)


def take(workspace: Workspace, now: datetime) -> Taken:
    """The headline figures of one workspace, read from the stamps of its items."""
    # Not `read`: a collector that looks must not make the stays catch up.
    found = flowview.Flow(flowview.Ask.of({}, workspace, now))
    said, sle = found.headline.now, found.sle
    in_progress = ContentItem.objects.in_progress().filter(workspace=workspace).count()
    values = [
        ("putki_flow_lead_time_target_seconds", "", said.target.total_seconds()),
        ("putki_flow_published_items", "", float(said.n)),
        ("putki_flow_in_progress_items", "", float(in_progress)),
    ]
    for rank, item in (("0.5", said.p50), ("0.85", said.p85)):
        if item is not None and item.lead is not None:
            values.append(("putki_flow_lead_time_seconds", rank, item.lead.total_seconds()))
    if said.within is not None:
        values.append(("putki_flow_within_target_ratio", "", said.within.value))
    if sle.hit is not None:
        values.append(("putki_flow_promise_kept_ratio", "", sle.hit.value))
    return Taken(workspace.slug, now, tuple(values))


def _has_ranks(name: str) -> bool:
    return name == "putki_flow_lead_time_seconds"
