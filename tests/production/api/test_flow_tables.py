"""The figures of flow as tables for a spreadsheet, and as the OpenAPI page describes them."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from django.utils import timezone

from production import items
from production.models import ContentItem
from tests.people import World
from tests.production.api.calls import Caller
from tests.production.api.description import document
from tests.production.api.test_description import operations
from tests.production.api.test_flow import FIGURES, SPRING, said
from tests.production.api.test_flow import _busy as _busy
from tests.production.api.test_flow import ann as ann
from tests.production.api.test_flow import busy as busy


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "standing"])
def test_every_figure_comes_as_a_table_too(name: str, ann: Caller) -> None:
    answer = ann.get(f"/flow/{name}/?{SPRING}", Accept="text/csv")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *rows = text.splitlines()
    assert rows
    assert header.count('","') == len(header.split('","')) - 1 > 0
    assert "None" not in text


def test_the_table_of_items_holds_all_of_them_and_no_formula(ann: Caller, busy: World) -> None:
    one = ContentItem.objects.filter(published_at__isnull=False, history_from=None).first()
    items.edit(one, {"title": '=HYPERLINK("http://evil")'}, by=busy.ann, at=timezone.now())

    answer = ann.get(f"/flow/items/?{SPRING}&limit=2", Accept="text/csv")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + said(ann, "throughput")["n"] > 3
    assert lines[0].startswith('"id","key","published_at","lead_seconds","cycle_seconds","title"')
    assert "\"'=HYPERLINK(" in answer.content.decode()


def test_a_problem_stays_a_problem_document_when_a_table_was_asked_for(ann: Caller) -> None:
    answer = ann.get("/flow/trend/?days=31", Accept="text/csv")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid"


def test_what_is_no_figure_comes_as_json_only(ann: Caller) -> None:
    assert ann.get("/items/", Accept="text/csv").status_code == 406
    assert ann.get("/flow/trend/", Accept="text/plain").status_code == 406


def test_every_figure_has_an_example_that_its_description_allows() -> None:
    whole = document()

    for _, path, operation in operations():
        if not path.startswith("/api/v1/flow/"):
            continue
        content = operation["responses"]["200"]["content"]
        schema = content["application/json"]["schema"] | {"components": whole["components"]}
        examples = content["application/json"]["examples"]
        assert examples, path
        for example in examples.values():
            jsonschema.validate(example["value"], schema)
            names = set(example["value"])
            assert names == set(_properties(schema, whole)), path
        assert ("text/csv" in content) == (path != "/api/v1/flow/standing/")


def _properties(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    name = schema["$ref"].rpartition("/")[2]
    return whole["components"]["schemas"][name]["properties"]
