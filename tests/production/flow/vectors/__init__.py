"""Every vector of other programs beside what ours says of the same input."""

from tests.production.flow.vectors import boards_over_time, heartbeat, jira, lighthouse, tools
from tests.production.flow.vectors.reading import FILES, VECTORS, oracle

__all__ = ["FILES", "VECTORS", "oracle"]
# Each of these keeps its checks in VECTORS.
CHECKED = (boards_over_time, heartbeat, jira, lighthouse, tools)
