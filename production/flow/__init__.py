"""Flow metrics as this product defines them: plain values in, plain values out.

past = flow.history(events)                  # one item's lines of the log
flow.time_in_stage(past.visits, now)         # every stage, adding up to now − creation
flow.lead_time(item), flow.cycle_time(item)  # None when nobody can know
flow.countdown(item, kind, now, ahead=…)     # the chip on the card
flow.promise(items, now)                     # 85 % within 81 h, n 29
"""

from production.flow.countdown import Countdown, State, countdown
from production.flow.history import History, history
from production.flow.kinds import COMMITMENT, DELIVERY, KINDS, reaches
from production.flow.ledger import Move, Place, Visit, standing, time_in_stage, visits
from production.flow.stamps import (
    Published,
    Stamps,
    after_move,
    after_publication,
    born,
    stamps,
)
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

__all__ = [
    "COMMITMENT",
    "DELIVERY",
    "FEWEST",
    "KINDS",
    "TARGET",
    "WINDOW",
    "Bands",
    "Countdown",
    "History",
    "Move",
    "Place",
    "Promise",
    "Published",
    "Split",
    "Stamped",
    "Stamps",
    "State",
    "Visit",
    "after_move",
    "after_publication",
    "age",
    "ages_on_leaving",
    "bands",
    "born",
    "countdown",
    "cycle_time",
    "fits",
    "flow_efficiency",
    "history",
    "in_progress",
    "lead_time",
    "merged",
    "percentile",
    "promise",
    "reaches",
    "split",
    "stamps",
    "standing",
    "time_in_stage",
    "total",
    "visits",
]
