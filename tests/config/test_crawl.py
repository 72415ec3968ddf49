"""Every address, by every person: nothing breaks, a GET writes nothing, everything is guarded."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from production import assets, bands, demo, imports, invitations
from production.models import (
    ApiToken,
    Asset,
    Board,
    CalendarFeed,
    Channel,
    ChecklistEntry,
    Comment,
    ContentItem,
    Format,
    Gate,
    Goal,
    Hook,
    ImportRun,
    Invitation,
    KpiDefinition,
    Label,
    Membership,
    MixRule,
    Notice,
    Partner,
    Pillar,
    Publication,
    ReviewRequest,
    SavedView,
    Slot,
    Stage,
    WebhookDelivery,
    WebhookEndpoint,
    Window,
    Workspace,
)
from production.permissions import seat_of
from production.webhooks import endpoints
from tests.people import World, make_strangers
from tests.production.imports.boards import as_bytes, document

# What the part of an address before an id says about the id.
NOUNS: dict[str, Any] = {
    "boards": Board,
    "stages": Stage,
    "columns": Stage,
    "gates": Gate,
    "views": SavedView,
    "items": ContentItem,
    "hooks": Hook,
    "checklist": ChecklistEntry,
    "review": ReviewRequest,
    "reviews": ReviewRequest,
    "publications": Publication,
    "comments": Comment,
    "files": Asset,
    "assets": Asset,
    "channels": Channel,
    "pillars": Pillar,
    "formats": Format,
    "kpis": KpiDefinition,
    "goals": Goal,
    "labels": Label,
    "partners": Partner,
    "people": Membership,
    "members": Membership,
    "invitations": Invitation,
    "tokens": ApiToken,
    "imports": ImportRun,
    "slots": Slot,
    "windows": Window,
    "mix": MixRule,
    "subscribe": CalendarFeed,
    "inbox": Notice,
    "notices": Notice,
    "webhooks": WebhookEndpoint,
    "webhook-endpoints": WebhookEndpoint,
    "webhook-deliveries": WebhookDelivery,
}
WORDS = {
    "slug": demo.DEMO_SLUG,  # and that of the world that the tests share
    "token": "none", "request_id": "req_0", "number": "1",
    "group": "text", "name": "source", "noun": "format", "uidb36": "1", "key": "MQ:none",
}  # fmt: skip
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# Written by a GET on purpose: who is signed in and from where is no content.
NOT_CONTENT = {"sessions.Session", "usersessions.UserSession"}
# Person → how many pages they must have been shown for the crawl to have seen anything.
PEOPLE = {"nobody": 5, "ann": 60, "vera": 30, "otto": 20, "eve": 10}


@pytest.fixture
def studio(db: None) -> Workspace:
    """The demo workspace with one of everything that has an address, and a stranger beside it."""
    now = timezone.now()
    workspace, _token = demo.make("en", now=now)
    seats = Membership.objects.select_related("user", "workspace").filter(workspace=workspace)
    ann = seat_of(seats.get(user__email=demo.DEMO_EMAIL))
    item = the_item(workspace)
    note = SimpleUploadedFile("note.txt", b"Shot on Tuesday.")
    assets.add_file(item, note, by=ann.user, at=now)
    invitations.invite("new@putki.example", "creator", seat=ann, at=now)
    imports.receive(as_bytes(document()), "board.json", seat=ann, at=now)
    endpoint, _secret = endpoints.add("https://hooks.example.org/putki", seat=ann, at=now)
    endpoints.test(endpoint, seat=ann, at=now)
    SavedView.objects.create(
        workspace=workspace, owner=ann.user, name="Mine", query="mine=true", board=item.board
    )
    make_strangers()
    bands.catch_up(workspace)  # as the worker does: a page waits for it only when it is far behind
    return workspace


def the_item(workspace: Workspace) -> ContentItem:
    """A card that has most of what a card can have."""
    with_review = ReviewRequest.objects.filter(item__workspace=workspace, item__archived_at=None)
    return (
        ContentItem.objects.filter(
            pk__in=with_review.values("item"), comments__isnull=False, hooks__isnull=False
        )
        .select_related("workspace", "board")
        .first()
    )


def addresses(item: ContentItem) -> dict[str, str]:
    """Pattern → address with everything filled in from the item and its workspace."""
    return {
        pattern: filled(pattern, item) for pattern in sorted(set(patterns(get_resolver(), "/")))
    }


def patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + re.sub(r"^\^|\\Z$|\$$", "", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from patterns(each, route)
        elif isinstance(each, URLPattern) and "(?P<" not in route:
            yield route


def filled(pattern: str, item: ContentItem) -> str:
    parts = pattern.split("/")
    for place, part in enumerate(parts):
        if found := re.fullmatch(r"<(?:\w+:)?(\w+)>", part):
            parts[place] = value_of(found[1], parts[place - 1], item, is_api="api" in parts)
    return "/".join(parts)


def value_of(name: str, before: str, item: ContentItem, *, is_api: bool) -> str:
    model = NOUNS.get(before)
    if model is ContentItem:
        return item.public_id if is_api else item.key
    if model is None:
        return WORDS.get(name, "none")
    rows = model.objects.all()
    fields = {field.name for field in model._meta.get_fields()}
    if "item" in fields:
        rows = rows.filter(item=item) if rows.filter(item=item).exists() else rows
    elif "workspace" in fields:
        rows = rows.filter(workspace=item.workspace)
    return str(getattr(rows.order_by("pk").first(), "public_id", "none"))


def signed_in(person: str) -> Client:
    # The client must see what a visitor of a broken page would see, not the exception.
    client = Client(raise_request_exception=False)
    if person != "nobody":
        role = {"vera": "reviewer", "otto": "external"}.get(person, "owner")
        slug = "rival-media" if person == "eve" else demo.DEMO_SLUG
        seats = Membership.objects.filter(workspace__slug=slug, role=role)
        client.force_login(seats.order_by("id").first().user)
        client.get("/accounts/email/")  # what signing in by the form notes: the address as a row
    return client


def fingerprint() -> dict[str, str]:
    """A digest of all rows of each table."""
    found = {}
    for model in apps.get_models():
        if model._meta.label not in NOT_CONTENT:
            digest = hashlib.sha256()
            for row in model.objects.order_by("pk").values_list().iterator():
                digest.update(repr(row).encode())
            found[model._meta.label] = digest.hexdigest()
    return found


def test_every_address_answers_and_a_get_writes_nothing(studio: Workspace) -> None:
    pages = addresses(the_item(studio))
    clients = {person: signed_in(person) for person in PEOPLE}
    before = fingerprint()
    wrong: list[str] = []
    for person, least in PEOPLE.items():
        client, shown = clients[person], 0
        for pattern, address in pages.items():
            answer = client.get(address, HTTP_PUTKI_WORKSPACE=studio.slug)
            shown += answer.status_code == 200
            said = faults(person, pattern, answer)
            wrong += [f"{person} at {pattern} ({address}): {each}" for each in said]
            for _piece in answer.streaming_content if answer.streaming else ():
                pass  # the file is closed at its end
        if shown < least:
            wrong.append(f"{person} was shown {shown} of {len(pages)} only")

    assert not wrong, "\n".join(wrong)
    assert fingerprint() == before


def faults(person: str, pattern: str, answer: Any) -> Iterator[str]:
    """What is wrong with an answer, whatever was asked."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "sniffable"
    if headers.get("Referrer-Policy") != "same-origin":
        yield "no referrer policy"
    if headers.get("X-Frame-Options") != "DENY" or "frame-ancestors 'none'" not in policy:
        yield "may be framed"
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"policy {policy!r}"
    if "Server" in headers or "X-Powered-By" in headers:
        yield "tells what it runs on"
    if person in ("nobody", "eve") and "<slug:slug>" in pattern:
        allowed = {"nobody": (302, 401, 405), "eve": (404, 405)}[person]
        if answer.status_code not in allowed:
            yield f"{person} got {answer.status_code}"
    is_open = pattern.startswith(("/api/v1/schema", "/api/v1/docs"))
    is_guarded = pattern.startswith("/api/v1/") and not is_open
    if is_guarded and person == "nobody" and answer.status_code == 200:
        yield "answered nobody"


def test_a_write_needs_the_token_of_the_form(world: World) -> None:
    """Every address, posted to from elsewhere by somebody who is signed in."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.ann)
    pages = addresses(world.item())
    before = fingerprint()
    refused: Counter[int] = Counter()

    for address in pages.values():
        for method in ("post", "put", "patch", "delete"):
            sent, kind = ("title=Forged", FORM) if method == "post" else ("{}", JSON)
            call = getattr(client, method)
            answer = call(address, sent, content_type=kind, HTTP_PUTKI_WORKSPACE="studio-aalto")
            refused[answer.status_code] += 1
            assert answer.status_code in (403, 404, 405), (method, address, answer.status_code)

    assert fingerprint() == before
    assert refused[403] > 100
