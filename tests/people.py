"""The cast and the board they share: Ann owns, Ben creates, Vera reviews, Kim only looks,
Otto contributes from outside, Eve is a stranger with a workspace of her own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from production import items, publishing, reviews
from production.models import (
    Board,
    Channel,
    ContentItem,
    Kind,
    KpiDefinition,
    Membership,
    Publication,
    Role,
    Stage,
    User,
    Workspace,
)
from production.permissions import Seat, seat_of

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
PASSWORD = "horse staple battery"


@dataclass
class World:
    workspace: Workspace
    board: Board
    stages: dict[str, Stage]
    seats: dict[str, Seat] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["seats"][name].user
        except KeyError:
            raise AttributeError(name) from None

    def seat(self, name: str) -> Seat:
        return self.seats[name]

    def item(
        self, title: str = "Why most hooks fail", *, stage: str = "idea", **values: object
    ) -> ContentItem:
        """An item in the stage of that kind, put there by Ben without asking the rules."""
        made = items.create(self.board, title=title, seat=self.seats["ben"], at=NOON, values=values)
        if stage != "idea":
            target = self.stages[stage]
            last = ContentItem.objects.in_stage(target).last()
            made.stage = target
            made.rank = (last.rank if last else 0) + 65_536
            made.committed_at = NOON
            made.save()
        return ContentItem.objects.select_related(
            "stage", "board", "workspace", "channel", "format", "pillar"
        ).get(pk=made.pk)

    def publication(
        self, item: ContentItem | None = None, *, state: str = "ready", **values: object
    ) -> Publication:
        """A publication of Ben's for tomorrow at six, `draft` or signed by Vera and `ready`."""
        channel = Channel.objects.filter(workspace=self.workspace).first()
        kpi = KpiDefinition.objects.filter(workspace=self.workspace).first()
        item = item or self.item(channel=channel, primary_kpi=kpi)
        words = {"caption": f"Words of {item.key}"} | values
        made = publishing.draft(item, by=self.ben, at=NOON, **words)
        Publication.objects.filter(pk=made.pk).update(
            publish_local="2026-03-17T18:00",
            time_zone="Europe/Helsinki",
            publish_at=datetime(2026, 3, 17, 16, 0, tzinfo=UTC),
        )
        if state == "ready":
            asked = reviews.request(item, by=self.ben, at=NOON)
            reviews.sign(asked, by=self.vera, at=NOON, facts=True, brand=True, cta=True)
        return Publication.objects.select_related("item__workspace", "channel").get(pk=made.pk)


def make_user(name: str, email: str | None = None) -> User:
    return User.objects.create_user(
        email or f"{name.split()[0].lower()}@aalto.example", PASSWORD, name=name
    )


def make_workspace(name: str, slug: str, prefix: str = "VID") -> World:
    """A bare workspace: one board, one stage per kind, no gates, no limits, two KPIs, a channel."""
    workspace = Workspace.objects.create(name=name, slug=slug, item_prefix=prefix)
    board = Board.objects.create(workspace=workspace, name="Board")
    stages = {
        kind.value: Stage.objects.create(
            workspace=workspace, board=board, name=kind.label.title(), kind=kind, position=position
        )
        for position, kind in enumerate(Kind)
    }
    KpiDefinition.objects.create(
        workspace=workspace,
        code="saves-per-1000",
        name="Saves per 1 000 impressions",
        short_name="saves/1k",
        numerator="saves",
        denominator="impressions",
        per=1000,
    )
    Channel.objects.create(workspace=workspace, name="TikTok", platform="tiktok", handle="@aalto")
    return World(workspace, board, stages)


def sit(world: World, name: str, user: User, role: Role) -> Seat:
    membership = Membership.objects.create(workspace=world.workspace, user=user, role=role)
    world.seats[name] = seat_of(membership)
    return world.seats[name]


def make_world() -> World:
    """Studio Aalto with Ann, Ben, Vera, Kim and Otto; Eve sits elsewhere."""
    world = make_workspace("Studio Aalto", "studio-aalto")
    sit(world, "ann", make_user("Ann Koski"), Role.OWNER)
    sit(world, "ben", make_user("Ben Laine"), Role.CREATOR)
    sit(world, "vera", make_user("Vera Salo"), Role.REVIEWER)
    sit(world, "kim", make_user("Kim Niemi"), Role.VIEWER)
    sit(world, "otto", make_user("Otto Harju"), Role.EXTERNAL)
    return world


def make_strangers() -> World:
    """Eve's own workspace, with an item of its own."""
    world = make_workspace("Rival Media", "rival-media", prefix="RIV")
    sit(world, "eve", make_user("Eve Virta", "eve@rival.example"), Role.OWNER)
    sit(world, "ben", make_user("Bob Rival", "bob@rival.example"), Role.CREATOR)
    return world
