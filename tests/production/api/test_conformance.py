"""Every operation with generated input: never a server error, always the answer described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.production.api.description import document
from tests.production.api.furnished import Furnished
from tests.production.api.standing import Standing

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
SCHEMA = schemathesis.openapi.from_dict(document())
APPLICATION = get_wsgi_application()
OPERATIONS = sorted(
    (result.ok() for result in SCHEMA.get_all_operations()), key=lambda each: each.label
)
MODES = sorted(schemathesis.GenerationMode, key=lambda each: each.value)


@pytest.fixture
def whole(standing: Standing) -> Iterator[Furnished]:
    # A request would close the connection that holds this test's transaction.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield standing.furnished
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@pytest.mark.parametrize("mode", MODES, ids=lambda each: each.value)
def test_generated_input_gets_the_answer_described(
    operation: Any, mode: Any, whole: Furnished
) -> None:
    headers = {
        "Authorization": f"Bearer {whole.plain_token}",
        "Accept-Encoding": "identity",
    }
    asked = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), with_known_ids=st.booleans())
    def ask(case: Any, with_known_ids: bool) -> None:
        if with_known_ids:
            _put_known_ids(case, whole)
        response = case.call(app=APPLICATION, headers=headers)
        asked.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    try:
        ask()
    except Exception as error:
        if "Unsatisfiable" not in type(error).__name__:
            raise
        pytest.skip(f"nothing {mode.value} can be generated")
    assert asked


def _put_known_ids(case: Any, whole: Furnished) -> None:
    known = whole.known(case.operation.path)
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known[name]
