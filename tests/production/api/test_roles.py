"""Every operation of the document, by everybody: the table of permissions is what happens."""

from __future__ import annotations

from typing import Any

import pytest

from production.models import Role
from production.permissions import TABLE
from tests.production.api.standing import Standing
from tests.production.api.test_description import operations

CAST = {
    "ann": Role.OWNER,
    "ben": Role.CREATOR,
    "vera": Role.REVIEWER,
    "kim": Role.VIEWER,
    "otto": Role.EXTERNAL,
}
# Allowed by the table, and then refused for this world's own reasons.
REFUSED = {
    ("reviews_sign", "ben"): 409,  # he made the last edit
    ("assets_file", None): 404,  # the asset is a link
    ("items_undo", None): 409,  # nobody has moved it
    ("requests_undo", None): 409,  # nothing was done in it
    ("boards_archive", None): 409,  # it is the last one
    ("imports_create", None): 400,  # a file comes as a form
    ("metric_files_create", None): 400,
    ("metric_files_undo", None): 409,  # it has not been committed
    ("imports_undo", None): 409,  # it was not brought in yet
    ("publications_ready", None): 409,  # a tool has it
    ("publications_remove", None): 409,
    ("publications_reopen", None): 409,
    ("publications_resolve", None): 409,
    ("cycles_create", None): 409,  # one is running
    ("experiments_draw", None): 409,  # it has begun
    ("experiments_decide", "ben"): 409,  # the numbers say nothing yet
    ("outcomes_decide", None): 409,  # it is not out yet
    ("reports_external", None): 409,  # it is not out yet
}
OPERATIONS = [(method, path, each) for method, path, each in operations()]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    OPERATIONS,
    ids=[each["operationId"] for *_, each in OPERATIONS],
)
def test_the_table_decides_who_may(
    method: str, path: str, operation: dict[str, Any], standing: Standing
) -> None:
    operation_id = operation["operationId"]
    allowed_roles = TABLE[operation["x-permission"]]
    answers = {
        name: standing.ask(name, method, path, operation_id) for name in (*CAST, "eve", "nobody")
    }

    for name, role in CAST.items():
        answer = answers[name]
        said = (name, answer.status_code, "" if answer.streaming else answer.content[:500])
        if role in allowed_roles:
            expected = REFUSED.get((operation_id, name)) or REFUSED.get((operation_id, None))
            assert answer.status_code in ({expected} if expected else {200, 201, 202, 204}), said
        else:
            assert answer.status_code == 403, said
            assert answer.json()["code"] == "not_allowed"
    assert answers["eve"].status_code == 404
    assert answers["nobody"].status_code == 401
    assert answers["nobody"]["WWW-Authenticate"].startswith("Bearer")
    assert allowed_roles & set(CAST.values())  # a check that refuses everybody would pass the rest
