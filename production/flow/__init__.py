"""Flow metrics as this product defines them: plain values in, plain values out.

past = flow.history(events)                  # one item's lines of the log
flow.time_in_stage(past.visits, now)         # every stage, adding up to now − creation
flow.lead_time(item), flow.cycle_time(item)  # None when nobody can know
flow.countdown(item, kind, now, ahead=…)     # the chip on the card; .will_miss
flow.promise(items, now)                     # 85 % within 81 h, n 29

period = flow.Period.last(30, now, zone)     # local days; period.before() to compare with
flow.figures(deliveries, target)             # share within target with its interval, p50, p85, n
flow.trend(deliveries, period, target)       # the same by ISO week
flow.throughput(moments, period)             # per local day, days of none included
flow.cfd(pieces, period), flow.wip(…)        # per local day end
flow.where(deliveries, times, waiting=…)     # median item, slow fifth, bottleneck
flow.sle(deliveries), flow.rework(items)
"""

from production.flow.calendar import Mode, Shown, WorkCalendar, calendar_days, shown
from production.flow.cfd import LADDER, OUT, DayEnd, cfd, cumulative, wip, wip_of
from production.flow.countdown import Countdown, State, countdown
from production.flow.history import History, history
from production.flow.interval import Share, wilson
from production.flow.kinds import COMMITMENT, DELIVERY, KINDS, reaches
from production.flow.ledger import Move, Place, Visit, standing, time_in_stage, visits
from production.flow.period import Period, day_start, local_day, monday
from production.flow.pieces import Piece, Spell, by_item, progress_of, visits_of
from production.flow.published import (
    Comparison,
    Delivery,
    Figures,
    at_rank,
    compared,
    delivery,
    figures,
    timed,
)
from production.flow.rework import Backwards, Rework, rework
from production.flow.sle import Sle, sle
from production.flow.stamps import Published, Stamps, after_move, after_publication, born, stamps
from production.flow.throughput import Day, Throughput, filled, per_week, throughput
from production.flow.times import (
    FEWEST,
    TARGET,
    WINDOW,
    Bands,
    Promise,
    Split,
    Stamped,
    age,
    ages_on_leaving,
    bands,
    cycle_time,
    fits,
    flow_efficiency,
    in_progress,
    lead_time,
    merged,
    percentile,
    promise,
    split,
    total,
)
from production.flow.trend import Week, trend
from production.flow.where import (
    Bottleneck,
    Spent,
    StageTime,
    Traffic,
    Where,
    bottleneck,
    efficiency,
    spent,
    traffic,
    where,
)

__all__ = [
    "COMMITMENT",
    "DELIVERY",
    "FEWEST",
    "KINDS",
    "LADDER",
    "OUT",
    "TARGET",
    "WINDOW",
    "Backwards",
    "Bands",
    "Bottleneck",
    "Comparison",
    "Countdown",
    "Day",
    "DayEnd",
    "Delivery",
    "Figures",
    "History",
    "Mode",
    "Move",
    "Period",
    "Piece",
    "Place",
    "Promise",
    "Published",
    "Rework",
    "Share",
    "Shown",
    "Sle",
    "Spell",
    "Spent",
    "Split",
    "StageTime",
    "Stamped",
    "Stamps",
    "State",
    "Throughput",
    "Traffic",
    "Visit",
    "Week",
    "Where",
    "WorkCalendar",
    "after_move",
    "after_publication",
    "age",
    "ages_on_leaving",
    "at_rank",
    "bands",
    "born",
    "bottleneck",
    "by_item",
    "calendar_days",
    "cfd",
    "compared",
    "countdown",
    "cumulative",
    "cycle_time",
    "day_start",
    "delivery",
    "efficiency",
    "figures",
    "filled",
    "fits",
    "flow_efficiency",
    "history",
    "in_progress",
    "lead_time",
    "local_day",
    "merged",
    "monday",
    "per_week",
    "percentile",
    "progress_of",
    "promise",
    "reaches",
    "rework",
    "shown",
    "sle",
    "spent",
    "split",
    "stamps",
    "standing",
    "throughput",
    "time_in_stage",
    "timed",
    "total",
    "traffic",
    "trend",
    "visits",
    "visits_of",
    "where",
    "wilson",
    "wip",
    "wip_of",
]
