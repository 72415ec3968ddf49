"""A world with at least one of everything that the API can name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from production import (
    assets,
    boards,
    checklists,
    comments,
    hooks,
    invitations,
    items,
    plan,
    publishing,
    reviews,
    savedviews,
    scripts,
    tokens,
)
from production.models import Channel, KpiDefinition
from tests.people import NOON, World

LATER = NOON + timedelta(minutes=30)


@dataclass
class Furnished:
    """What stands in the world: noun, as in the address → public id."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)
    plain_token: str = ""

    def fill(self, path: str, **other: str) -> str:
        """The path of an operation with ids of this world in it."""
        noun = path.removeprefix("/api/v1/").split("/")[0]
        known = self.ids | {"id": self.ids.get(noun, ""), "number": "1"} | other
        return path.format_map(known)


def furnish(world: World, by: str = "ann") -> Furnished:
    """One of each, made by the verbs; Otto is assigned to the item, Ben edited it last.

    Comment, view and key belong to the person called `by`, as far as they may have them.
    """
    own = world.seat(by)
    ann, ben = world.seat("ann"), world.seat("ben")
    at: dict[str, Any] = {"seat": ann, "at": NOON}
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    made = Furnished(world)
    ids = made.ids
    ids["kpis"] = kpi.public_id
    ids["channels"] = Channel.objects.get(workspace=world.workspace).public_id
    for noun, word, values in (
        ("pillars", "pillar", {"name": "Craft", "kpi": kpi}),
        ("formats", "format", {"name": "List"}),
        ("goals", "goal", {"name": "Leads", "primary_kpi": kpi}),
        ("partners", "partner", {"name": "Rautio"}),
        ("labels", "label", {"name": "evergreen"}),
    ):
        ids[noun] = plan.add(word, values, **at).public_id
    plan.change(kpi, {"numerator": "saves and shares"}, **at)
    ids["boards"] = world.board.public_id
    ids["stages"] = world.stages["edit"].public_id
    gate = boards.add_gate(world.stages["edit"], {"label": "Shots are in"}, **at)
    ids["gates"] = ids["gate"] = gate.public_id

    item = world.item("Three mistakes", stage="script", primary_kpi=kpi, assignees=[world.otto])
    edit: dict[str, Any] = {"by": ben.user, "at": LATER}
    ids["items"] = item.public_id
    ids["hook"] = hooks.add(item, text="You lose them here", **edit).public_id
    ids["entry"] = checklists.add(item, text="Book the studio", **edit).public_id
    scripts.save(item, "# Hook\n\nYou lose them here.", version=0, **edit)
    scripts.keep(item, **edit)
    ids["comment"] = comments.add(item, "Looks good", by=own.user, at=LATER).public_id
    ids["asset"] = assets.add_link(item, "https://example.org/clip", **edit).public_id
    ids["publications"] = publishing.draft(item, caption="Three mistakes", **edit).public_id
    ids["reviews"] = reviews.request(item, by=ben.user, at=LATER).public_id
    ids["people"] = world.vera.public_id
    invitation, _link = invitations.invite("new@aalto.example", "viewer", seat=ann, at=LATER)
    ids["invitations"] = invitation.public_id
    view = savedviews.save(
        world.board, name="Mine", query="mine=true", seat=own if own.may("view.save") else ann
    )
    ids["saved-views"] = view.public_id
    token, made.plain_token = tokens.create(
        seat=own if own.may("token.own") else ann,
        name="n8n",
        scopes=tokens.SCOPES if own.may("token.all") else ("content:read",),
        at=NOON,
    )
    ids["tokens"] = token.public_id
    items.create(world.board, title="Another", seat=ben, at=NOON)
    return made
