"""The figures of flow as pages, the API, files and digests show them: one query string, one answer.

ask = flowview.Ask.of(request.GET, workspace, now, user=user)   # Invalid for what means nothing
found = flowview.read(ask)
found.headline.now.p85, found.trend, found.where, found.ageing, found.cfd, found.ahead …

Each figure is read when it is first asked for; together they take a constant number of queries.
"""

from production.flowview.ahead import Ahead
from production.flowview.ask import DAYS, FILTERS, Ask, AskForm
from production.flowview.columns import Column, Columns
from production.flowview.days import Flowed
from production.flowview.groups import Group
from production.flowview.published import Field, Scatter, Unknown
from production.flowview.read import Flow, of_workspace, read
from production.flowview.work import Ageing, InProgress, PersonLoad, StageLoad

__all__ = [
    "DAYS",
    "FILTERS",
    "Ageing",
    "Ahead",
    "Ask",
    "AskForm",
    "Column",
    "Columns",
    "Field",
    "Flow",
    "Flowed",
    "Group",
    "InProgress",
    "PersonLoad",
    "Scatter",
    "StageLoad",
    "Unknown",
    "of_workspace",
    "read",
]
