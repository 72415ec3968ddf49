"""What a workspace consists of: its tables in the order in which they can be written again.

The rooms above production name theirs in settings.WORKSPACE_TABLES; they come after these. Left out
are keys and secrets (tokens, invitations), what only concerns running requests, and former
addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from production.models import (
    ApiToken,
    Asset,
    Assignment,
    Board,
    CalendarFeed,
    Channel,
    ChannelSignal,
    ChecklistEntry,
    Comment,
    ContentItem,
    Cycle,
    CycleChannel,
    CyclePhase,
    DigestMail,
    Event,
    FlowAlert,
    Format,
    FormerSlug,
    Gate,
    GatePass,
    Goal,
    GuestReviewer,
    Hook,
    IdempotencyRecord,
    ImportRun,
    Invitation,
    KpiDefinition,
    KpiDefinitionVersion,
    Label,
    Lease,
    Membership,
    MixRule,
    Notice,
    Partner,
    Pillar,
    Publication,
    PublicationMedia,
    ReaderCursor,
    Report,
    Review,
    ReviewRequest,
    SavedView,
    Script,
    ScriptVersion,
    Slot,
    Stage,
    Stay,
    TrackedLink,
    User,
    UtmTemplate,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    Window,
    Workspace,
)

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A model's rows of one workspace; `path` leads from the model to the workspace.

    `named_by` is the look-up that names a row from other tables, where it has no public id.
    """

    model: type[models.Model]
    path: str = "workspace"
    skip: frozenset[str] = frozenset()
    parents_first: str = ""
    only: tuple[tuple[str, Any], ...] = ()
    named_by: str = "public_id"
    is_above: bool = False  # of a room above production: older exports lack it

    @property
    def name(self) -> str:
        return self.model._meta.model_name or ""

    def rows(self, workspace: Workspace) -> QuerySet[Any]:
        """The rows in the order of their making; mains before what derives from them."""
        rows = self.model._default_manager.filter(**{self.path: workspace}, **dict(self.only))
        if self.parents_first:
            return rows.order_by(F(self.parents_first).asc(nulls_first=True), "pk")
        return rows.order_by("pk")

    def fields(self) -> Iterator[models.Field[Any, Any]]:
        """The columns that are written: not the key, not the workspace."""
        for field in self.model._meta.concrete_fields:
            if not field.primary_key and field.name != "workspace" and field.name not in self.skip:
                yield field

    def lists(self) -> Iterator[models.ManyToManyField[Any, Any]]:
        """Plain many-to-many fields; those with a model of their own are tables themselves."""
        for field in self.model._meta.many_to_many:
            if field.remote_field.through._meta.auto_created:
                yield field


TABLES = (
    Table(Membership),
    Table(KpiDefinition),
    Table(KpiDefinitionVersion, "kpi__workspace"),
    Table(Goal),
    Table(Channel),
    Table(ChannelSignal, "channel__workspace"),
    Table(Pillar),
    Table(Format),
    Table(Partner),
    Table(Label),
    Table(Board),
    Table(Stage),
    Table(Gate),
    Table(SavedView),
    # A preview is nothing without its file.
    Table(
        ImportRun,
        skip=frozenset({"file"}),
        only=(("state__in", (ImportRun.State.APPLIED, ImportRun.State.UNDONE)),),
    ),
    Table(ContentItem, parents_first="parent"),
    Table(Assignment, "item__workspace"),
    Table(Hook, "item__workspace"),
    Table(Script, "item__workspace", named_by="item__public_id"),
    Table(ScriptVersion, "script__item__workspace"),
    Table(ChecklistEntry, "item__workspace"),
    Table(Comment, "item__workspace", skip=frozenset({"guest"})),
    Table(Asset, "item__workspace"),
    Table(Publication),
    Table(PublicationMedia, "publication__workspace"),
    Table(TrackedLink, "publication__workspace"),
    Table(UtmTemplate),
    Table(Window),
    Table(Slot),
    Table(MixRule),
    Table(Cycle),
    Table(CyclePhase, "cycle__workspace"),
    Table(CycleChannel, "cycle__workspace"),
    Table(Lease, skip=frozenset({"token"})),
    Table(Report),
    Table(ReviewRequest),
    Table(Review, "item__workspace", skip=frozenset({"guest"})),
    Table(GatePass, "item__workspace"),
    Table(Event, named_by="seq"),
    Table(Notice),
)

# Not in a table of their own: the workspace and its people stand beside the tables; the others hold
# secrets, former addresses, mails, or what readers and running requests remember.
BESIDE = frozenset({Workspace, User})
LEFT_OUT = frozenset(
    {
        *(ApiToken, FormerSlug, IdempotencyRecord, Invitation, ReaderCursor),
        *(DigestMail, FlowAlert, Stay),  # mails sent, and what is folded from the log
        *(CalendarFeed, GuestReviewer, WebhookEndpoint),  # secrets again
        *(WebhookDelivery, WebhookAttempt),
    }
)


@cache
def tables() -> tuple[Table, ...]:
    """Every table of a workspace: those of production, then those of the rooms above it."""
    above = [each for path in settings.WORKSPACE_TABLES for each in import_string(path)]
    return (*TABLES, *(replace(each, is_above=True) for each in above))


@cache
def reference(model: Any) -> str:
    """The look-up that names a row of the model in an export."""
    return next((each.named_by for each in tables() if each.model is model), "public_id")
