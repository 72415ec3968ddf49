"""A publication as the body that other schedulers take: pure, from the generic shape.

Names of fields as in the public API documentation of each tool: Postiz (POST /public/v1/posts),
Mixpost (POST /api/{workspace}/posts), Ayrshare (POST /api/post), Buffer (createPost). Accounts are
named by the caller, since only the caller knows them: the handle stands where an id belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Body = Mapping[str, Any]
POSTIZ_TYPES = {
    "youtube_shorts": "youtube", "instagram": "instagram", "tiktok": "tiktok", "x": "x",
    "linkedin": "linkedin", "facebook": "facebook", "threads": "threads", "pinterest": "pinterest",
    "youtube": "youtube",
}  # fmt: skip
AYRSHARE = {"x": "twitter", "youtube_shorts": "youtube"}


def render(publication: Body, to: str) -> dict[str, Any]:
    """The body for the tool; KeyError for one that there is not."""
    return RENDERERS[to](publication)


def text_of(publication: Body) -> str:
    """Caption, call to action and hashtags as one text, in the order in which people read them."""
    link = next((each["url"] for each in publication["links"] if each["role"] == "cta"), "")
    parts = [publication["caption"]["text"], link, " ".join(publication["hashtags"])]
    return "\n\n".join(part for part in parts if part)


def _generic(publication: Body) -> dict[str, Any]:
    return dict(publication)


def _postiz(publication: Body) -> dict[str, Any]:
    channel = publication["channel"] or {}
    settings: dict[str, Any] = {"__type": POSTIZ_TYPES.get(channel.get("platform", ""), "x")}
    if settings["__type"] == "youtube":
        settings |= {"title": (publication["title"] or publication["item"]["title"])[:100]}
        settings |= {"type": "public"}
    if settings["__type"] == "instagram":
        kind = publication["platform_settings"].get("post_type", "post")
        settings["post_type"] = "story" if kind == "story" else "post"
    images = [{"id": each["id"], "path": each["url"]} for each in publication["media"]]
    value = [{"content": text_of(publication), "image": images}]
    if publication["first_comment"]:
        value.append({"content": publication["first_comment"]["text"], "image": []})
    return {
        "type": "schedule",
        "date": _utc(publication),
        "shortLink": False,
        "tags": [],
        "posts": [
            {
                "integration": {"id": channel.get("handle", "")},
                "value": value,
                "settings": settings,
            }
        ],
    }


def _mixpost(publication: Body) -> dict[str, Any]:
    channel = publication["channel"] or {}
    moment = _utc(publication)
    return {
        "date": moment[:10],
        "time": moment[11:16],
        "timezone": "UTC",
        "schedule": True,
        "accounts": [channel.get("handle", "")],
        "tags": [],
        "versions": [
            {
                "account_id": 0,
                "is_original": True,
                "content": [
                    {
                        "body": text_of(publication),
                        "media": [each["url"] for each in publication["media"]],
                        "url": next((each["url"] for each in publication["links"]), None),
                    }
                ],
                "options": {},
            }
        ],
    }


def _ayrshare(publication: Body) -> dict[str, Any]:
    channel = publication["channel"] or {}
    platform = channel.get("platform", "")
    body: dict[str, Any] = {
        "post": text_of(publication),
        "platforms": [AYRSHARE.get(platform, platform)],
        "scheduleDate": _utc(publication),
        "idempotencyKey": f"{publication['id']}.{publication['version']}",
    }
    if publication["media"]:
        body["mediaUrls"] = [each["url"] for each in publication["media"]]
    if publication["first_comment"]:
        body["firstComment"] = {"comment": publication["first_comment"]["text"]}
    if platform in ("youtube", "youtube_shorts"):
        title = publication["title"] or publication["item"]["title"]
        body["youTubeOptions"] = {"title": title[:100], "shorts": platform == "youtube_shorts"}
    return body


def _buffer(publication: Body) -> dict[str, Any]:
    channel = publication["channel"] or {}
    return {
        "channelId": channel.get("handle", ""),
        "text": text_of(publication),
        "schedulingType": "automatic",
        "mode": "customSchedule",
        "dueAt": _utc(publication),
        "assets": {
            "videos": [{"url": each["url"]} for each in publication["media"] if _is_video(each)],
            "images": [
                {"url": each["url"], "metadata": {"altText": each["alt_text"]}}
                for each in publication["media"]
                if not _is_video(each)
            ],
        },
    }


def _is_video(medium: Body) -> bool:
    return str(medium["mime"] or "").startswith("video/")


def _utc(publication: Body) -> str:
    """`2026-03-30T15:00:00.000Z`; empty without a time."""
    moment = (publication["publish_at"] or {}).get("utc")
    if not isinstance(moment, datetime):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


RENDERERS: dict[str, Callable[[Body], dict[str, Any]]] = {
    "generic": _generic,
    "postiz": _postiz,
    "mixpost": _mixpost,
    "ayrshare": _ayrshare,
    "buffer": _buffer,
}
