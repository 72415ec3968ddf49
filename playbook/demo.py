"""Three months of the invented studio's experiments, so that its playbook has something to say.

Each compares two or three kinds of one thing; the truth behind them is small, the luck is large.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from experiments import register, results, snapshots
from experiments.models import Experiment, VariantDay
from playbook import evidence, phasework, risks, strategies
from playbook.models import Responsibility
from production import cycles, origin
from production.models import Channel, KpiDefinition, Membership, Role, Workspace
from production.permissions import Seat, seat_of

KPI = "saves-per-1000"
DAYS = 14
WORDING = 0.2  # how far two of the same kind lie apart, on the log scale
# attribute of a variant: what each kind is truly worth, what it says
TRUTHS: Mapping[str, Mapping[str, tuple[float, str]]] = {
    "hook_type": {
        "number": (0.34, "3 mistakes in the first two seconds"),
        "question": (-0.2, "Kuinka pitkä on liian pitkä?"),
        "contrast": (0.05, "Retention is about pacing, not length"),
        "claim": (0.0, "Your lamp stands in the wrong place"),
    },
    "length_seconds": {
        "12": (0.02, "12 s"), "21": (0.16, "21 s"), "33": (-0.04, "33 s"), "52": (-0.15, "52 s"),
    },
    "cta_type": {
        "save": (0.24, "Save this for your next shoot"),
        "comment": (0.02, "Comment a word and get the list"),
        "link": (-0.2, "Link in the profile"),
    },
}  # fmt: skip
VOUCHED = {
    "audit": "Sheet of the 40 posts, gone through on day 6.",
    "hooks": "Twenty openings in the scripts of the week, tried by day 13.",
}
VOUCHED_FI = {
    "audit": "40 postauksen taulukko, käyty läpi päivänä 6.",
    "hooks": "Kaksikymmentä avausta viikon käsikirjoituksissa, kokeiltu päivään 13 mennessä.",
}
STRATEGY = {
    "goals": "Thirty-five qualified leads a week by day 90; the studio's name known for advice "
    "that can be used the same evening.",
    "audience": "People who film their own work with a phone: potters, bakers, repairers, small "
    "shops. They have an hour a week and no crew.",
    "channels": "Two first channels with short video, one that supports them with long pieces. "
    "Locked for ninety days.",
    "rhythm": "Monday: numbers and three repeats, three stops. Tuesday and Thursday: shooting. "
    "Four to six pieces a week on each first channel, two experiments.",
    "kpis": "Average view 38 %, saves 6 of 1,000, profile clicks 12 of 1,000, CTR 1.2 %, 15 "
    "qualified leads a week at 35 euros, seven days from idea to publication.",
}
STRATEGY_FI = {
    "goals": "Kolmekymmentäviisi kvalifioitua liidiä viikossa päivään 90 mennessä; studio "
    "tunnetaan neuvoista, joita voi käyttää samana iltana.",
    "audience": "Ihmiset, jotka kuvaavat omaa työtään puhelimella: keraamikot, leipurit, "
    "korjaajat, pienet kaupat. Heillä on tunti viikossa eikä kuvausryhmää.",
    "channels": "Kaksi ensisijaista kanavaa lyhyille videoille, yksi tukikanava pitkille. "
    "Lukittu 90 päiväksi.",
    "rhythm": "Maanantai: luvut sekä kolme toistoa ja kolme lopetusta. Tiistai ja torstai: "
    "kuvaukset. 4–6 sisältöä viikossa per pääkanava, kaksi A/B-testiä.",
    "kpis": "Keskimääräinen katselu 38 %, tallennukset 6 / 1 000, profiiliklikit 12 / 1 000, CTR "
    "1,2 %, 15 kvalifioitua liidiä viikossa hintaan 35 €, seitsemän päivää ideasta julkaisuun.",
}
_VARIABLE = {"hook_type": "hook", "length_seconds": "length", "cta_type": "cta"}
_TITLES = {
    "hook_type": "Opening of the reactions, round %s", "length_seconds": "Length, round %s",
    "cta_type": "Last sentence, round %s",
}  # fmt: skip


@transaction.atomic
def fill(workspace: Workspace, *, now: datetime, seed: int = 90) -> list[Experiment]:
    """Twenty-one experiments that are over, and what they say together. The same seed, the same."""
    kpi = KpiDefinition.objects.filter(workspace=workspace, code=KPI).first()
    channel = Channel.objects.filter(workspace=workspace, retired_at=None).order_by("position")
    chance = random.Random(seed)  # noqa: S311  invented numbers
    made = []
    if kpi is not None:
        member = Membership.objects.filter(
            workspace=workspace, role=Role.CREATOR, removed_at=None
        ).select_related("user", "workspace")
        seat = seat_of(member.order_by("pk")[0])
        with origin.coming_from(origin.COMMAND):
            for n in range(21):
                attribute = list(TRUTHS)[n % 3]
                begun = now - timedelta(days=88 - 3.5 * n)
                wish = {
                    "title": _TITLES[attribute] % (n // 3 + 1), "variable": _VARIABLE[attribute],
                    "kpi": kpi, "allocation": "platform_split", "channel": channel.first(),
                    "starts_on": begun.date(),
                }  # fmt: skip
                kinds = chance.sample(list(TRUTHS[attribute]), 3)
                made.append(_play(wish, attribute, kinds, seat, chance, begun))
    evidence.renew(workspace, at=now)
    owner = Membership.objects.filter(workspace=workspace, role=Role.OWNER, removed_at=None)
    with origin.coming_from(origin.COMMAND):
        _live_the_cycle(seat_of(owner.select_related("user", "workspace").order_by("pk")[0]), now)
    return made


def _live_the_cycle(seat: Seat, now: datetime) -> None:
    """The page is written, the areas and the risks are owned, what nobody counts is vouched for."""
    workspace, begun = seat.workspace, now - timedelta(days=55)
    team = list(
        Membership.objects.filter(workspace=workspace, removed_at=None)
        .exclude(role=Role.EXTERNAL)
        .select_related("user")
        .order_by("pk")[:3]
    )
    for place, risk in enumerate(risks.take_up(seat=seat, at=begun)):
        values = {"owner": team[place % len(team)].user}
        risk = risks.change(risk, values, seat=seat, at=begun)
        risks.review(risk, seat=seat, at=now - timedelta(days=5 + place))
    risks.evaluate(workspace, at=now)
    page = STRATEGY_FI if workspace.language == "fi" else STRATEGY
    if strategies.strategy_of(workspace) is None:
        strategies.save(page, version=0, seat=seat, at=begun)
    people = [each.user for each in team]
    pairs = {
        area: (people[place % len(people)], people[(place + 1) % len(people)])
        for place, area in enumerate(Responsibility.Area.values)
    }
    if len(people) > 1:
        strategies.entrust(pairs, seat=seat, at=begun)
    cycle = cycles.running(workspace)
    if cycle is not None:
        said = VOUCHED_FI if workspace.language == "fi" else VOUCHED
        for code, shows in said.items():
            phasework.tick(cycle, code, evidence=shows, seat=seat, at=begun)


def _play(
    wish: Mapping[str, Any], attribute: str, kinds: Sequence[str], seat: Seat,
    chance: random.Random, begun: datetime,
) -> Experiment:  # fmt: skip
    texts = [
        {"text": TRUTHS[attribute][kind][1],
         "attributes": {attribute: int(kind) if kind.isdigit() else kind}}
        for kind in kinds
    ]  # fmt: skip
    made = register.create(wish, texts, seat=seat, at=begun - timedelta(hours=2))
    made = register.start(made, seat=seat, at=begun)
    lines = []
    for letter, kind in zip("ABC", kinds, strict=True):
        rate = 0.008 * 2.718 ** (TRUTHS[attribute][kind][0] + chance.gauss(0, WORDING))
        for day in range(DAYS):
            shown = round(620 * chance.uniform(0.99, 1.01))
            saved = sum(chance.random() < rate for _each in range(shown))
            on = (begun + timedelta(days=day)).date()
            lines.append(results.Line(letter, on, shown, saved))
    ended_at = begun + timedelta(days=DAYS, hours=1)
    results.record(made, lines, seat=seat, at=ended_at, origin=VariantDay.Origin.PUSHED)
    made = register.end(made, seat=None, at=ended_at)
    snapshots.take(made, at=ended_at)
    return made
