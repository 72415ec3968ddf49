"""The OpenAPI document: whole, bounded, true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from production.api.actions import ANY
from production.permissions import TABLE
from production.tokens import SCOPES
from tests.production.api.description import document

METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method, path, methods[method]


def test_the_document_is_valid_and_without_a_warning(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "api.yml"))


def test_every_operation_says_its_permission_and_scope() -> None:
    for _method, path, operation in operations():
        assert operation["x-permission"] in TABLE, path
        assert operation["x-scope"] in (*SCOPES, ANY), path
        assert operation["summary"], path


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for *_, operation in operations()]

    assert len(ids) > 100
    assert len(ids) == len(set(ids))


def test_no_text_list_or_number_is_without_a_bound() -> None:
    for node, where in _schemas(document(), ""):
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        if "string" in kinds and not {"enum", "const", "format"} & node.keys():
            assert "maxLength" in node, where
        if "array" in kinds:
            assert "maxItems" in node, where
        if "integer" in kinds and "enum" not in node:
            assert {"minimum", "maximum"} <= node.keys(), where


def test_every_address_of_the_api_is_in_the_document_or_on_the_list() -> None:
    described = {path.replace("{", "<").replace("}", ">") for path in document()["paths"]}
    undescribed = {
        "/api/v1/schema/",
        "/api/v1/docs/",
        "/api/v1/",
        "/api/v1/calendar/<secret>.ics",
        "/api/v1/exports/kpis.csv",
    }

    routed = {_plain(route) for route in _routes(get_resolver().url_patterns, "/")}

    api = {route for route in routed if route.startswith("/api/v1/")}
    assert api == described | undescribed


@pytest.mark.parametrize("address", ["/api/v1/schema/", "/api/v1/docs/", "/api/v1/docs/?script="])
def test_schema_and_docs_are_served(client: Any, db: None, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert b"<style" not in answer.content
    assert b"https://" not in answer.content.replace(b"https://spec.openapis.org", b"")


def _schemas(node: Any, where: str) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _schemas(inner, f"{where}/{index}")
    if isinstance(node, dict):
        if isinstance(node.get("type"), str | list):
            yield node, where
        for key, inner in node.items():
            if key not in ("example", "examples", "default", "enum"):
                yield from _schemas(inner, f"{where}/{key}")


def _routes(patterns: Any, start: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, start + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield start + str(pattern.pattern)


def _plain(route: str) -> str:
    for converter in ("str:", "int:"):
        route = route.replace(f"<{converter}", "<")
    return route
