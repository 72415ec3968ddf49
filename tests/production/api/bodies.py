"""A body that works for every operation that takes one, in terms of the furnished world."""

from __future__ import annotations

from typing import Any

from tests.production.api.furnished import Furnished


def body_of(operation_id: str, made: Furnished) -> Any:
    """None for an operation without a body."""
    ids, world = made.ids, made.world
    stage = {kind: row.public_id for kind, row in world.stages.items()}
    bodies: dict[str, Any] = {
        "workspace_partial_update": {"name": "Studio Aalto Oy"},
        "people_partial_update": {"role": "creator"},
        "invitations_create": {"email": "late@aalto.example", "role": "creator"},
        "tokens_create": {"name": "script", "scopes": ["content:read"]},
        "boards_create": {"name": "Shorts"},
        "boards_partial_update": {"name": "Main board"},
        "boards_reorder": {"order": [ids["boards"]]},
        "stages_create": {
            "board": ids["boards"], "name": "Captions", "kind": "edit", "after": stage["edit"],
        },
        "stages_partial_update": {"wip_limit": 3, "limit_mode": "block"},
        "stages_reorder": {"board": ids["boards"], "order": [stage["idea"], stage["script"]]},
        "stages_split": {"name": "Rough cut"},
        "stages_retire": {"to": stage["shoot"]},
        "gates_create": {"stage": stage["edit"], "label": "Lights", "channel": ids["channels"]},
        "gates_partial_update": {"label": "All shots are in", "channel": ids["channels"]},
        "gates_reorder": {"stage": stage["edit"], "order": [ids["gates"]]},
        "saved_views_create": {"board": ids["boards"], "name": "Blocked", "query": "blocked=true"},
        "saved_views_partial_update": {"shared": True},
        "channels_create": {
            "name": "Shorts", "platform": "youtube_shorts", "signals": ["swipe-away"],
            "winning_kpi": ids["kpis"],
        },
        "channels_partial_update": {"handle": "@studio", "winning_kpi": ids["kpis"]},
        "pillars_create": {"name": "Cases", "kpi": ids["kpis"]},
        "pillars_partial_update": {"description": "How it is done", "kpi": ids["kpis"]},
        "formats_create": {"name": "Myth", "title_formula": "{topic}: a myth"},
        "formats_partial_update": {"cta": "Save it", "b_roll": ["hands", "screen"]},
        "kpis_create": {"name": "Leads", "numerator": "leads", "kind": "count"},
        "kpis_partial_update": {"unit": "‰"},
        "goals_create": {"name": "Brand", "primary_kpi": ids["kpis"]},
        "goals_partial_update": {"secondary_kpi": ids["kpis"]},
        "partners_create": {"name": "Salo"},
        "partners_partial_update": {"handle": "@rautio"},
        "labels_create": {"name": "summer"},
        "labels_partial_update": {"name": "always"},
        "webhook_endpoints_create": {
            "url": "https://other.example.org/hook", "types": ["item.moved"],
        },
        "webhook_endpoints_partial_update": {"description": "n8n", "enabled": False},
        "webhook_endpoints_replay": {"since": "2026-01-01T00:00:00Z"},
        "requests_undo": {"request": "req_nothing"},
        "exports_create": {"kind": "json"},
        "imports_commit": {"override": False},
        "imports_mapping": {"board_name": "From the old board"},
        "items_create": {
            "title": "Four mistakes", "board": ids["boards"], "channel": ids["channels"],
            "pillar": ids["pillars"], "format": ids["formats"], "goal": ids["goals"],
            "partner": ids["partners"], "labels": [ids["labels"]], "assignees": [ids["people"]],
        },
        "items_bulk": {
            "ids": [ids["items"]], "changes": {"pillar": ids["pillars"]},
            "add_labels": [ids["labels"]], "stage": stage["shoot"],
        },
        "items_partial_update": {"promise": "You will see why", "pillar": ids["pillars"]},
        "items_move": {"stage": stage["shoot"]},
        "items_block": {"reason": "no rights to the music"},
        "items_derive": {"pieces": [{"title": "Short one", "channel": ids["channels"]}]},
        "items_record_outcome": {
            "result_value": "12.5", "decision": "repeat", "decision_reason": "above target",
        },
        "outcomes_decide": {"decision": "drop", "decision_reason": "above target"},
        "items_gate_tick": {"evidence": "seen in the folder"},
        "script_update": {"text": "# Hook\n\nThey leave here."},
        "hooks_create": {"text": "Stop scrolling", "hook_type": "claim"},
        "hooks_partial_update": {"note": "held 61 %"},
        "hooks_choose": {"reason": "it is short"},
        "hooks_reorder": {"order": [ids["hook"]]},
        "checklist_create": {"text": "Wide shot", "group": "B-roll"},
        "checklist_partial_update": {"done": True},
        "checklist_reorder": {"order": [ids["entry"]]},
        "comments_create": {"text": "Can we cut this?"},
        "comments_partial_update": {"text": "Looks very good"},
        "assets_create": {"url": "https://example.org/raw", "role": "raw"},
        "assets_partial_update": {"name": "Clip", "alt_text": "A hand"},
        "reviews_create": {"reviewer": world.vera.public_id, "note": "by Friday"},
        "utm_templates_create": {"medium": "video", "channel": ids["channels"]},
        "utm_templates_partial_update": {"campaign": "spring-{year}"},
        "links_preview": {"url": "https://example.org/guide", "channel": ids["channels"]},
        "guests_create": {"name": "Nina", "email": "nina@client.example"},
        "reviews_sign": {"facts": True, "brand": True, "cta": True},
        "reviews_send_back": {"comment": "The number is old"},
        "metrics_observations": {
            "source": {"tool": "n8n"}, "observations": [{
                "as_of": "2026-03-16", "grain": "day", "metrics": {"leads": 3},
            }],
        },
        "kpi_lines_partial_update": {"target": 9.5, "owner": world.ben.public_id},
        "kpi_lines_review": {"note": "Holds"},
        "threshold_rules_create": _rule(ids),
        "threshold_rules_preview": _rule(ids),
        "threshold_rules_partial_update": {
            "line": 4.5, "kpi": ids["kpis"], "channel": ids["channels"],
        },
        "actions_close": {"outcome": "done", "note": "The new hook holds them."},
        "actions_apply": {"source": ids["items"]},
        "metrics_attach": {"publication": ids["publications"]},
        "windows_create": {
            "channel": ids["channels"], "weekdays": [1, 3], "begins": "17:00", "ends": "19:00",
        },
        "windows_partial_update": {"ends": "22:00"},
        "windows_retire": {"reason": "measured anew"},
        "windows_lock": {"channel": ids["channels"]},
        "windows_unlock": {"channel": ids["channels"], "reason": "measured anew"},
        "slots_create": {
            "channel": ids["channels"], "pillar": ids["pillars"], "format": ids["formats"],
            "kpi": ids["kpis"], "starts_at": {"local": "2099-04-01T18:00", "timezone": "UTC"},
        },
        "slots_partial_update": {
            "starts_at": "2099-03-31T18:00:00+03:00", "pillar": ids["pillars"],
            "format": ids["formats"], "kpi": ids["kpis"],
        },
        "slots_fill": {"item": ids["plannable"]},
        "publications_create": {"caption": "Second run"},
        "publications_posted": {
            "permalink": "https://example.org/p/1", "publication": ids["publications"],
        },
        "publications_partial_update": {"caption": "Three mistakes, again"},
        "publications_remove": {"reason": "wrong item"},
        "publications_media": {"media": [{"asset": ids["asset"]}]},
        "publications_hold": {"reason": "Wait for the client"},
        "publications_cancel": {"reason": "Old news"},
        "publications_resolve": {"out": False, "evidence": "Not on the profile"},
        "leases_create": {"publication": ids["ready"], "client": {"name": "n8n"}},
        "leases_partial_update": {"ttl_seconds": 600},
        "cycles_create": {"name": "Summer", "primary": [ids["channels"]]},
        "cycles_decide": {"decision": "go", "note": "The numbers flow."},
        "cycles_tick": {"line": "audit", "evidence": "Sheet of 16.3."},
        "cycles_untick": {"line": "audit"},
        "risks_create": {
            "name": "Music rights", "symptom": "A post is muted.", "mitigation": "Own music.",
        },
        "risks_partial_update": {"owner": ids["people"], "threshold": "Two in a month"},
        "risks_close": {"outcome": "done", "note": "Fewer formats."},
        "experiments_create": {
            "title": "Hook", "variable": "hook", "kpi": ids["kpis"], "channel": ids["channels"],
            "allocation": "platform_split", "week": "2026-03-18", "item": ids["items"],
            "variants": [
                {"text": "A claim", "attributes": {"hook_type": "claim"}},
                {"text": "A question", "publications": [ids["publications"]]},
            ],
        },
        "experiments_partial_update": {"title": "Hook of #4", "item": ids["items"]},
        "experiments_cancel": {"reason": "no shoot"},
        "experiments_discount": {"reason": "edited in between"},
        "experiments_platform": {"text": "B wins, 78 %"},
        "experiments_decide": {"decision": "improve", "reason": "Bolder"},
        "experiments_link": {"publications": [ids["publications"]]},
        "experiments_results": {
            "results": [{"variant": "A", "day": "2026-03-16", "exposures": 900, "total": 6}],
        },
        "reports_create": {
            "lease": ids["leases"], "fence": 1, "status": "scheduled", "report_id": "1",
        },
        "reports_external": {"permalink": "https://example.org/p/2"},
    }  # fmt: skip
    noun, _, verb = operation_id.partition("_")
    if verb == "reorder" and noun in ids:
        bodies.setdefault(operation_id, {"order": [ids[noun]]})
    return bodies.get(operation_id)


def _rule(ids: dict[str, str]) -> dict[str, Any]:
    return {
        "name": "Few saves", "kpi": ids["kpis"], "channel": ids["channels"], "scope": "post",
        "format": ids["formats"], "condition": "below", "line": 5, "for_days": 1,
    }  # fmt: skip


QUERIES = {
    "search_list": "?q=mistakes",
    "script_diff": "?old=1",
}
