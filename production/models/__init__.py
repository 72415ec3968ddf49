from production.models.board import Board, Gate, Kind, SavedView, Stage
from production.models.comment import Asset, Comment, Notice
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
from production.models.publication import Publication
from production.models.review import Review, ReviewRequest
from production.models.token import ApiToken, IdempotencyRecord
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
    "Channel",
    "ChannelSignal",
    "ChecklistEntry",
    "Comment",
    "ContentItem",
    "DigestMail",
    "Event",
    "FlowAlert",
    "Format",
    "FormerSlug",
    "Gate",
    "GatePass",
    "Goal",
    "Hook",
    "IdempotencyRecord",
    "ImportRun",
    "Invitation",
    "Kind",
    "KpiDefinition",
    "KpiDefinitionVersion",
    "Label",
    "Membership",
    "Notice",
    "Partner",
    "Pillar",
    "Publication",
    "ReaderCursor",
    "Review",
    "ReviewRequest",
    "Risk",
    "Role",
    "SavedView",
    "Script",
    "ScriptVersion",
    "Stage",
    "Stay",
    "User",
    "Workspace",
]
