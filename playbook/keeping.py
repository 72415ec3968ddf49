"""What of the playbook belongs to a workspace's export, in the order in which it can be written.

A new model is one line here: `path` leads from it to the workspace.
"""

from __future__ import annotations

from playbook.models import (
    Audit,
    AuditEntry,
    Evidence,
    Learning,
    LearningUse,
    Level,
    PhaseTick,
    Play,
    PlaybookEdition,
    PlayRevision,
    PooledLevel,
    RealityCheck,
    RegisteredRisk,
    Responsibility,
    Retrospective,
    ReviewChoice,
    RiskSignal,
    Routine,
    RoutineTick,
    Strategy,
    StrategyVersion,
    WeeklyReview,
)
from production.exports.tables import Table

TABLES = (
    Table(Level),
    Table(Evidence),
    Table(PooledLevel),
    Table(Play),
    Table(PlayRevision, "play__workspace"),
    Table(PlaybookEdition),
    Table(Strategy, named_by="workspace__public_id"),
    Table(StrategyVersion, "strategy__workspace"),
    Table(Responsibility),
    Table(Routine),
    Table(RoutineTick),
    Table(PhaseTick, "cycle__workspace"),
    Table(Retrospective, "cycle__workspace"),
    Table(WeeklyReview),
    Table(ReviewChoice, "review__workspace"),
    Table(Audit),
    Table(AuditEntry, "audit__workspace"),
    Table(Learning),
    Table(LearningUse, "learning__workspace"),
    Table(RegisteredRisk),
    Table(RiskSignal, "risk__workspace"),
    Table(RealityCheck),
)
