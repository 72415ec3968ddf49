from production.models.board import Board, Gate, Kind, SavedView, Stage
from production.models.calendar import CalendarFeed, MixRule, Slot, Window
from production.models.comment import Asset, Comment, Notice
from production.models.cycle import Cycle, CycleChannel, CyclePhase
from production.models.event import Event, ReaderCursor
from production.models.flow import DigestMail, FlowAlert, Risk, Stay
from production.models.imports import ImportRun
from production.models.item import (
    Assignment,
    ChecklistEntry,
    ContentItem,
    GatePass,
    Hook,
    Script,
    ScriptVersion,
)
from production.models.lease import Lease, Report
from production.models.people import User
from production.models.plan import (
    Channel,
    ChannelSignal,
    Format,
    Goal,
    KpiDefinition,
    KpiDefinitionVersion,
    Label,
    Partner,
    Pillar,
)
from production.models.publication import (
    Publication,
    PublicationMedia,
    TrackedLink,
    UtmTemplate,
)
from production.models.review import GuestReviewer, Review, ReviewRequest
from production.models.token import ApiToken, IdempotencyRecord
from production.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from production.models.workspace import (
    FormerSlug,
    Invitation,
    Membership,
    Role,
    Workspace,
)

__all__ = [
    "ApiToken",
    "Asset",
    "Assignment",
    "Board",
    "CalendarFeed",
    "Channel",
    "ChannelSignal",
    "ChecklistEntry",
    "Comment",
    "ContentItem",
    "Cycle",
    "CycleChannel",
    "CyclePhase",
    "DigestMail",
    "Event",
    "FlowAlert",
    "Format",
    "FormerSlug",
    "Gate",
    "GatePass",
    "Goal",
    "GuestReviewer",
    "Hook",
    "IdempotencyRecord",
    "ImportRun",
    "Invitation",
    "Kind",
    "KpiDefinition",
    "KpiDefinitionVersion",
    "Label",
    "Lease",
    "Membership",
    "MixRule",
    "Notice",
    "Partner",
    "Pillar",
    "Publication",
    "PublicationMedia",
    "ReaderCursor",
    "Report",
    "Review",
    "ReviewRequest",
    "Risk",
    "Role",
    "SavedView",
    "Script",
    "ScriptVersion",
    "Slot",
    "Stage",
    "Stay",
    "TrackedLink",
    "User",
    "UtmTemplate",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "Window",
    "Workspace",
]
