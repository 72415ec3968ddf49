"""A world with at least one of everything that the API can name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from experiments import importing, register, thresholds
from experiments.models import Action, Crossing, MetricSubject, TrackedKpi
from playbook import risks, strategies
from playbook.models import RiskSignal
from production import (
    assets,
    boards,
    checklists,
    comments,
    gates,
    guests,
    hooks,
    imports,
    invitations,
    items,
    plan,
    publishing,
    reviews,
    savedviews,
    scripts,
    slots,
    tokens,
    utmtemplates,
    walltime,
    windows,
)
from production.models import (
    Channel,
    ContentItem,
    Gate,
    KpiDefinition,
    Lease,
    Publication,
    Review,
    ReviewRequest,
)
from production.permissions import Seat
from production.webhooks import endpoints
from tests.people import NOON, World
from tests.production.imports.boards import as_bytes, document

LATER = NOON + timedelta(minutes=30)


@dataclass
class Furnished:
    """What stands in the world: noun, as in the address → public id."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)
    own: dict[str, dict[str, str]] = field(default_factory=dict)  # by person: what is theirs
    plain_token: str = ""

    def known(self, path: str, by: str = "ann") -> dict[str, str]:
        """The ids that fit into the path of an operation, as this person would take them."""
        noun = path.removeprefix("/api/v1/").split("/")[0]
        if path.startswith("/api/v1/metrics/imports/"):
            noun = "metric-files"
        ids = self.ids | self.own.get(by, {})
        return ids | {"id": ids.get(noun, ""), "number": "1"}

    def fill(self, path: str, by: str = "ann") -> str:
        return path.format_map(self.known(path, by))


def furnish(world: World) -> Furnished:
    """One of each, made by the verbs; Otto is assigned to the item, Ben edited it last.

    Comments, views and keys belong to somebody, so everybody gets one who may have it.
    """
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
    sums = {"numerator_metrics": "saves+shares", "denominator_metrics": "impressions"}
    plan.change(kpi, {"numerator": "saves and shares"} | sums, **at)
    kpi.refresh_from_db()
    _watched(kpi, ids, ann)
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
    ids["asset"] = assets.add_link(item, "https://example.org/clip", **edit).public_id
    ids["publications"], ids["leases"] = _claimed(item, ben)
    ids["ready"] = _ready(world, ben, gate).public_id
    ids["reviews"] = reviews.request(item, by=ben.user, at=LATER).public_id
    guest, _secret = guests.invite(item, name="Paula", seat=ben, at=timezone.now())
    ids["guests"] = guest.public_id
    ids["people"] = world.vera.public_id
    channel = Channel.objects.get(workspace=world.workspace)
    always = {"weekdays": range(1, 8), "begins": time(0), "ends": time(23, 59)}
    ids["windows"] = windows.add(channel, **always, **at).public_id
    when = walltime.resolve("2099-03-30T18:00", "Europe/Helsinki")
    ids["utm-templates"] = utmtemplates.add({"medium": "social"}, **at).public_id
    ids["slots"] = slots.add(channel, when, {}, **at).public_id
    ids["plannable"] = items.create(world.board, title="For a slot", seat=ben, at=NOON).public_id
    invitation, _link = invitations.invite(
        "new@aalto.example", "viewer", seat=ann, at=timezone.now()
    )
    ids["invitations"] = invitation.public_id
    received = imports.receive(as_bytes(document()), "board.json", seat=ann, at=NOON)
    ids["imports"] = received.run.public_id
    endpoint, _secret = endpoints.add("https://hooks.example.org/putki", **at)
    ids["webhook-endpoints"] = endpoint.public_id
    ids["webhook-deliveries"] = endpoints.test(endpoint, **at).public_id
    post = MetricSubject.objects.create(
        workspace=world.workspace, kind="unmatched", platform="tiktok", external_id="7567",
        created_at=NOON,
    )  # fmt: skip
    ids["metrics"] = post.public_id
    ids["metric-files"] = _numbers(ben)
    ids["experiments"], ids["variant"] = _running(kpi, ben)
    ids["cycles"] = _begun(world, ids["channels"])
    risk = risks.take_up(**at)[0]
    RiskSignal.objects.create(risk=risk, week=NOON.date(), at=NOON, due_on=NOON.date())
    ids["risks"] = risk.public_id
    for name, seat in world.seats.items():
        made.own[name] = _own(seat, item, made)
    ids |= made.own["ann"]
    items.create(world.board, title="Another", seat=ben, at=NOON)
    return made


def _numbers(seat: Seat) -> str:
    """A file of numbers that is ready to be committed."""
    export = b"Date,Views\n2026-03-15,12\n"
    channel = Channel.objects.get(workspace=seat.workspace)
    file = ContentFile(export)
    run = importing.receive(file, "Totals.csv", seat=seat, at=NOON, channel=channel).run
    return importing.settle(run, {"zone": "Europe/Helsinki"}, seat=seat, at=NOON).public_id


def _begun(world: World, channel: str) -> str:
    """A cycle that runs, its channel free of locks for the others."""
    seat = world.seat("ann")
    words = dict.fromkeys(strategies.FIELDS, "As last year.")
    strategies.save(words, version=0, seat=seat, at=NOON)
    roles = {Channel.objects.get(public_id=channel): "primary"}
    values = {"name": "Spring", "starts_on": NOON.date()}
    return strategies.begin_cycle(values, channels=roles, seat=seat, at=NOON).public_id


def _watched(kpi: KpiDefinition, ids: dict[str, str], seat: Seat) -> None:
    """A line of the KPI table, a rule on it, and the action that it opened."""
    line = TrackedKpi.objects.create(
        workspace=seat.workspace, kpi=kpi, owner=seat.user, target=10, created_at=NOON
    )
    wish = {"name": "Saves rise", "kpi": kpi, "condition": "above", "line": 8.0, "step": "sequels"}
    rule = thresholds.add(wish, seat=seat, at=NOON)
    numbers = {"value": 8.5, "low": 8.2, "high": 8.8, "line": 8.0, "baseline": 6.0}
    crossing = Crossing.objects.create(
        rule=rule, workspace=seat.workspace, at=NOON, numbers=numbers
    )
    action = Action.objects.create(
        workspace=seat.workspace, crossing=crossing, kpi=kpi, step="sequels", opened_at=NOON,
        due_on=NOON.date(), value_when_opened=8.5,
    )  # fmt: skip
    ids["kpi-lines"], ids["threshold-rules"] = line.public_id, rule.public_id
    ids["actions"] = action.public_id


def _running(kpi: KpiDefinition, seat: Seat) -> tuple[str, str]:
    """An experiment that has begun, and its second variant."""
    wish = {"title": "Hook", "variable": "hook", "kpi": kpi, "allocation": "platform_split"}
    texts = [{"text": "A claim"}, {"text": "A question"}]
    made = register.create(wish, texts, seat=seat, at=NOON)
    register.start(made, seat=seat, at=NOON)
    return made.public_id, made.variants.get(label="B").public_id


def _claimed(item: ContentItem, seat: Seat) -> tuple[str, str]:
    """A publication that a tool has, and its claim."""
    made = publishing.draft(item, caption="Three mistakes", by=seat.user, at=LATER)
    Publication.objects.filter(pk=made.pk).update(state="leased", fence=1)
    lease = Lease.objects.create(
        workspace=item.workspace,
        publication=made,
        user=seat.user,
        client_name="n8n",
        fence=1,
        content_digest=made.content_digest,
        publication_version=made.version,
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return made.public_id, lease.public_id


def _ready(world: World, seat: Seat, gate: Gate) -> Publication:
    """A publication that lacks nothing, signed by somebody."""
    channel = Channel.objects.get(workspace=world.workspace)
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    item = world.item("Four mistakes", channel=channel, primary_kpi=kpi)
    gates.tick(item, gate, by=seat.user, at=NOON)
    made = publishing.draft(item, caption="Four mistakes", by=seat.user, at=NOON)
    Publication.objects.filter(pk=made.pk).update(
        state="ready",
        publish_local="2027-03-17T18:00",
        time_zone="Europe/Helsinki",
        publish_at=datetime(2027, 3, 17, 16, tzinfo=UTC),
    )
    asked = ReviewRequest.objects.create(
        workspace=world.workspace,
        item=item,
        state="approved",
        digest="sha256:0",
        covers={made.public_id: made.content_digest},
        created_at=NOON,
    )
    ticks = {"facts": True, "brand": True, "cta": True}
    Review.objects.create(
        request=asked, item=item, verdict="approved", digest="sha256:0", reviewer=world.vera,
        at=NOON, **ticks,
    )  # fmt: skip
    return made


def _own(seat: Seat, item: ContentItem, made: Furnished) -> dict[str, str]:
    comment = comments.add(item, "Looks good", by=seat.user, at=LATER)
    own = {"comment": comment.public_id}
    if seat.may("view.save"):
        view = savedviews.save(item.board, name="Mine", query="mine=true", seat=seat)
        own["saved-views"] = view.public_id
    if seat.may("token.own"):
        scopes = tokens.SCOPES if seat.may("token.all") else ("content:read",)
        token, plain = tokens.create(seat=seat, name="n8n", scopes=scopes, at=NOON)
        own["tokens"] = token.public_id
        made.plain_token = made.plain_token or plain
    return own
