"""The JSON API, version 1, by address."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path

from production.api.automation import AutomationPolicy
from production.api.boards.boards import Boards
from production.api.boards.gates import Gates
from production.api.boards.stages import Stages
from production.api.calendar.slots import Slots
from production.api.calendar.windows import Windows
from production.api.docs import Docs, Schema
from production.api.events import Events
from production.api.exports import Exports
from production.api.flow.days import FlowDays
from production.api.flow.flow import Flow
from production.api.imports import Imports
from production.api.items.acts import ItemActs
from production.api.items.assets import Assets
from production.api.items.gates import ItemGates
from production.api.items.guests import Guests, ItemGuests
from production.api.items.items import Items
from production.api.items.moves import Moves
from production.api.items.parts import Checklist, Comments, Hooks
from production.api.items.reviews import ItemReviews, Reviews
from production.api.items.scripts import Scripts
from production.api.me import Me
from production.api.missing import Missing
from production.api.people import Invitations, People
from production.api.plan.channels import Channels
from production.api.plan.words import Formats, Goals, Kpis, Labels, Partners, Pillars
from production.api.publishing.leases import Leases, Reports
from production.api.publishing.links import Links, UtmTemplates
from production.api.publishing.publications import ItemPublications, Publications
from production.api.savedviews import SavedViews
from production.api.search import Search
from production.api.tokens import Tokens
from production.api.undo import Requests
from production.api.webhooks import WebhookDeliveries, WebhookEndpoints
from production.api.workspace import TheWorkspace


def at(address: str, door: Any, **methods: str) -> Any:
    """The address, and which method of the noun answers to which method of HTTP."""
    return path(address, door.as_view(methods))


ITEM = "items/<str:id>/"
UTM = "utm-templates/<str:id>/"
IMPORT = "imports/<str:id>/"
WEBHOOK, DELIVERY = "webhook-endpoints/<str:id>/", "webhook-deliveries/<str:id>/"
HOOK, ENTRY = f"{ITEM}hooks/<str:hook>/", f"{ITEM}checklist/<str:entry>/"
OF_PUBLISHED = (
    "headline", "trend", "groups", "items", "stages", "throughput", "rework", "efficiency", "sle",
    "forecast",
)  # fmt: skip
OF_STANDING = ("ageing", "cfd", "wip", "standing")
WORDS = {
    "channels": Channels,
    "pillars": Pillars,
    "formats": Formats,
    "kpis": Kpis,
    "goals": Goals,
    "partners": Partners,
    "labels": Labels,
}


def _plan(noun: str, door: Any) -> list[Any]:
    one = f"{noun}/<str:id>/"
    return [
        at(f"{noun}/", door, get="list", post="create"),
        at(f"{noun}/reorder/", door, post="reorder"),
        at(one, door, get="retrieve", patch="partial_update"),
        at(f"{one}retire/", door, post="retire"),
        at(f"{one}restore/", door, post="restore"),
    ]


urlpatterns = [
    path("schema/", Schema.as_view(), name="api_schema"),
    path("docs/", Docs.as_view(url_name="api_schema"), name="api_docs"),
    at("me/", Me, get="retrieve"),
    at("workspace/", TheWorkspace, get="retrieve", patch="partial_update"),
    at("automation-policy/", AutomationPolicy, get="retrieve"),
    at("people/", People, get="list"),
    at("people/<str:id>/", People, get="retrieve", patch="partial_update", delete="destroy"),
    at("invitations/", Invitations, get="list", post="create"),
    at("invitations/<str:id>/", Invitations, delete="destroy"),
    at("tokens/", Tokens, get="list", post="create"),
    at("tokens/<str:id>/", Tokens, get="retrieve", delete="destroy"),
    # boards
    at("boards/", Boards, get="list", post="create"),
    at("boards/reorder/", Boards, post="reorder"),
    at("boards/<str:id>/", Boards, get="retrieve", patch="partial_update"),
    at("boards/<str:id>/stages/", Stages, get="of_board"),
    at("boards/<str:id>/archive/", Boards, post="archive"),
    at("boards/<str:id>/restore/", Boards, post="restore"),
    at("stages/", Stages, get="list", post="create"),
    at("stages/reorder/", Stages, post="reorder"),
    at("stages/<str:id>/", Stages, get="retrieve", patch="partial_update"),
    at("stages/<str:id>/split/", Stages, post="split"),
    at("stages/<str:id>/retire/", Stages, post="retire"),
    at("stages/<str:id>/restore/", Stages, post="restore"),
    at("gates/", Gates, get="list", post="create"),
    at("gates/reorder/", Gates, post="reorder"),
    at("gates/<str:id>/", Gates, get="retrieve", patch="partial_update"),
    at("gates/<str:id>/retire/", Gates, post="retire"),
    at("gates/<str:id>/restore/", Gates, post="restore"),
    at("saved-views/", SavedViews, get="list", post="create"),
    at("saved-views/<str:id>/", SavedViews, patch="partial_update", delete="destroy"),
    # the plan
    *(address for noun, door in WORDS.items() for address in _plan(noun, door)),
    at("kpis/<str:id>/versions/", Kpis, get="versions"),
    at("channels/<str:id>/health/", Channels, get="health"),
    at("channels/<str:id>/reconnect/", Channels, post="reconnect"),
    # items
    at("items/", Items, get="list", post="create"),
    at("items/bulk/", ItemActs, post="bulk"),
    at(ITEM, Items, get="retrieve", patch="partial_update"),
    at(f"{ITEM}move/", Moves, post="move"),
    at(f"{ITEM}undo/", Moves, post="undo"),
    at(f"{ITEM}options/", Moves, get="options"),
    at(f"{ITEM}archive/", Moves, post="archive"),
    at(f"{ITEM}restore/", Moves, post="restore"),
    at(f"{ITEM}block/", Moves, post="block"),
    at(f"{ITEM}unblock/", Moves, post="unblock"),
    at("undo/", Requests, post="undo"),
    at("exports/", Exports, post="create"),
    at("imports/", Imports, get="list", post="create"),
    at(IMPORT, Imports, get="retrieve"),
    at(f"{IMPORT}mapping/", Imports, patch="mapping"),
    at(f"{IMPORT}commit/", Imports, post="commit"),
    at(f"{IMPORT}undo/", Imports, post="undo"),
    at(f"{ITEM}derivatives/", ItemActs, get="derivatives"),
    at(f"{ITEM}derive/", ItemActs, post="derive"),
    at(f"{ITEM}outcome/", ItemActs, get="outcome", put="record_outcome"),
    at(f"{ITEM}times/", ItemActs, get="times"),
    at(f"{ITEM}history/", Events, get="of_item"),
    at(f"{ITEM}gates/", ItemGates, get="gates"),
    at(f"{ITEM}gates/<str:gate>/tick/", ItemGates, post="gate_tick"),
    at(f"{ITEM}gates/<str:gate>/untick/", ItemGates, post="gate_untick"),
    at(f"{ITEM}script/", Scripts, get="retrieve", put="update"),
    at(f"{ITEM}script/diff/", Scripts, get="diff"),
    at(f"{ITEM}script/versions/", Scripts, get="versions"),
    at(f"{ITEM}script/versions/<int:number>/restore/", Scripts, post="restore"),
    at(f"{ITEM}hooks/", Hooks, get="list", post="create"),
    at(f"{ITEM}hooks/reorder/", Hooks, post="reorder"),
    at(HOOK, Hooks, patch="partial_update", delete="destroy"),
    at(f"{HOOK}choose/", Hooks, post="choose"),
    at(f"{HOOK}unchoose/", Hooks, post="unchoose"),
    at(f"{ITEM}checklist/", Checklist, get="list", post="create"),
    at(f"{ITEM}checklist/reorder/", Checklist, post="reorder"),
    at(ENTRY, Checklist, patch="partial_update", delete="destroy"),
    at(f"{ITEM}comments/", Comments, get="list", post="create"),
    at(
        f"{ITEM}comments/<str:comment>/",
        Comments,
        patch="partial_update",
        delete="destroy",
    ),
    at(f"{ITEM}assets/", Assets, get="list", post="create"),
    at(f"{ITEM}assets/<str:asset>/", Assets, patch="partial_update", delete="destroy"),
    at(f"{ITEM}assets/<str:asset>/file/", Assets, get="file"),
    at(f"{ITEM}reviews/", ItemReviews, get="of_item", post="create"),
    at(f"{ITEM}guests/", ItemGuests, get="of_item", post="create"),
    at("guests/<str:id>/", Guests, get="retrieve", delete="destroy"),
    at("reviews/", Reviews, get="list"),
    at("reviews/<str:id>/", Reviews, get="retrieve"),
    at("reviews/<str:id>/sign/", Reviews, post="sign"),
    at("reviews/<str:id>/send-back/", Reviews, post="send_back"),
    at("reviews/<str:id>/withdraw/", Reviews, post="withdraw"),
    at(f"{ITEM}publications/", ItemPublications, get="of_item", post="create"),
    at(f"{ITEM}publications/posted/", ItemPublications, post="posted"),
    at("publications/", Publications, get="list"),
    at("publications/<str:id>/", Publications, get="retrieve", patch="partial_update"),
    at("publications/<str:id>/media/", Publications, put="media"),
    at("publications/<str:id>/ready/", Publications, post="ready"),
    at("publications/<str:id>/hold/", Publications, post="hold"),
    at("publications/<str:id>/reopen/", Publications, post="reopen"),
    at("publications/<str:id>/cancel/", Publications, post="cancel"),
    at("publications/<str:id>/resolve/", Publications, post="resolve"),
    at("publications/<str:id>/reports/", Reports, post="create"),
    at("publications/<str:id>/external/", Reports, patch="external"),
    at("utm-templates/", UtmTemplates, get="list", post="create"),
    at(UTM, UtmTemplates, get="retrieve", patch="partial_update", delete="destroy"),
    at("links/", Links, get="list"),
    at("links/preview/", Links, post="preview"),
    at("leases/", Leases, post="create"),
    at("leases/<str:id>/", Leases, get="retrieve", patch="partial_update", delete="destroy"),
    at("publications/<str:id>/remove/", Publications, post="remove"),
    # webhooks
    at("webhook-endpoints/", WebhookEndpoints, get="list", post="create"),
    at(WEBHOOK, WebhookEndpoints, get="retrieve", patch="partial_update", delete="destroy"),
    at(f"{WEBHOOK}test/", WebhookEndpoints, post="test"),
    at(f"{WEBHOOK}rotate-secret/", WebhookEndpoints, post="rotate_secret"),
    at(f"{WEBHOOK}deliveries/", WebhookEndpoints, get="deliveries"),
    at(f"{WEBHOOK}replay/", WebhookEndpoints, post="replay"),
    at(DELIVERY, WebhookDeliveries, get="retrieve"),
    at(f"{DELIVERY}replay/", WebhookDeliveries, post="replay"),
    # flow
    *(at(f"flow/{figure}/", Flow, get=figure) for figure in OF_PUBLISHED),
    *(at(f"flow/{figure}/", FlowDays, get=figure) for figure in OF_STANDING),
    # the log
    at("events/", Events, get="list"),
    at("search/", Search, get="list"),
    # the calendar
    at("windows/", Windows, get="list", post="create"),
    at("windows/lock/", Windows, post="lock"),
    at("windows/unlock/", Windows, post="unlock"),
    at("windows/<str:id>/", Windows, get="retrieve", patch="partial_update"),
    at("windows/<str:id>/retire/", Windows, post="retire"),
    at("slots/", Slots, get="list", post="create"),
    at("slots/<str:id>/", Slots, get="retrieve", patch="partial_update", delete="destroy"),
    at("slots/<str:id>/fill/", Slots, post="fill"),
    at("slots/<str:id>/empty/", Slots, post="empty"),
    re_path(
        "",
        Missing.as_view(dict.fromkeys(("get", "post", "put", "patch", "delete"), "nothing")),
    ),
]
