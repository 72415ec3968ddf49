"""The line at the top of every page: config knows all rooms, no room knows those above it.

Label, name of the address, operation that one must be allowed, path under the workspace that marks
the entry as current.
"""

from django.utils.translation import gettext_lazy as _

NAVIGATION = (
    (_("Board"), "board", "board.see", "boards/"),
    (_("Calendar"), "calendar", "calendar.see", "calendar/"),
    (_("Flow"), "flow", "flow.see", "flow/"),
    (_("Cycle"), "cycle", "cycle.see", "cycle/"),
    (_("Playbook"), "playbook", "playbook.see", "playbook/"),
    (_("KPIs"), "kpis", "metric.see", "kpis/"),
    (_("Experiments"), "experiments", "experiment.see", "experiments/"),
    (_("My work"), "my-work", "item.see", "my/"),
    (_("Reviews"), "reviews", "review.see", "reviews/"),
    (_("Activity"), "activity", "log.see", "activity/"),
    (_("Settings"), "settings", "people.see", "settings/"),
)

# What the rooms above production do before a workspace is deleted: functions of the workspace.
WORKSPACE_ENDINGS = ("experiments.endings.forget",)

# What must hold of a KPI's definition beyond production: functions of the definition that say what
# is wrong, by field.
KPI_CHECKS = ("experiments.kpis.checking.check",)

# What the rooms above production do when a cycle has begun, in the same transaction: functions of
# the cycle, the seat and the moment.
CYCLE_BEGINNINGS = ("experiments.kpis.beginning.begin",)

# Their tables in the export of a workspace and its restoration (production/exports/tables.py), in
# the order in which they can be written again.
WORKSPACE_TABLES = ("experiments.keeping.TABLES", "playbook.keeping.TABLES")
