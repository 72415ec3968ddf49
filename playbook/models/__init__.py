from playbook.models.evidence import (
    Attribute,
    Evidence,
    Label,
    Level,
    Play,
    PlaybookEdition,
    PlayRevision,
    PooledLevel,
)
from playbook.models.review import (
    Audit,
    AuditEntry,
    Learning,
    LearningUse,
    ReviewChoice,
    WeeklyReview,
)
from playbook.models.risk import RealityCheck, RegisteredRisk, RiskSignal
from playbook.models.strategy import (
    PhaseTick,
    Responsibility,
    Retrospective,
    RoutineTick,
    Strategy,
    StrategyVersion,
)

__all__ = [
    "Attribute",
    "Audit",
    "AuditEntry",
    "Evidence",
    "Label",
    "Learning",
    "LearningUse",
    "Level",
    "PhaseTick",
    "Play",
    "PlayRevision",
    "PlaybookEdition",
    "PooledLevel",
    "RealityCheck",
    "RegisteredRisk",
    "Responsibility",
    "Retrospective",
    "ReviewChoice",
    "RiskSignal",
    "RoutineTick",
    "Strategy",
    "StrategyVersion",
    "WeeklyReview",
]
