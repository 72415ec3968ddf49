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


def text_of(content: Body) -> str:
    """Caption, call to action and hashtags as one text, in the order in which people read them."""
    link = next((each["url"] for each in content["links"] if each["role"] == "cta"), "")
    parts = [content["caption"]["text"], link, " ".join(content["hashtags"])]
    return "\n\n".join(part for part in parts if part)


def _generic(publication: Body) -> dict[str, Any]:
    return dict(publication)


def _postiz(publication: Body) -> dict[str, Any]:
    content, channel = publication["content"], publication["channel"] or {}
    settings: dict[str, Any] = {"__type": POSTIZ_TYPES.get(channel.get("platform", ""), "x")}
    if settings["__type"] == "youtube":
        settings |= {"title": (content["title"] or publication["item"]["title"])[:100]}
        settings |= {"type": "public"}
    if settings["__type"] == "instagram":
        kind = content["platform_settings"].get("post_type", "post")
        settings["post_type"] = "story" if kind == "story" else "post"
    images = [{"id": each["id"], "path": each["url"]} for each in content["media"]]
    value = [{"content": text_of(content), "image": images}]
    if content["first_comment"]:
        value.append({"content": content["first_comment"]["text"], "image": []})
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
    content, channel = publication["content"], publication["channel"] or {}
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
                        "body": text_of(content),
                        "media": [each["url"] for each in content["media"]],
                        "url": next((each["url"] for each in content["links"]), None),
                    }
                ],
                "options": {},
            }
        ],
    }


def _ayrshare(publication: Body) -> dict[str, Any]:
    content, channel = publication["content"], publication["channel"] or {}
    platform = channel.get("platform", "")
    body: dict[str, Any] = {
        "post": text_of(content),
        "platforms": [AYRSHARE.get(platform, platform)],
        "scheduleDate": _utc(publication),
        "idempotencyKey": f"{publication['id']}.{publication['version']}",
    }
    if content["media"]:
        body["mediaUrls"] = [each["url"] for each in content["media"]]
    if content["first_comment"]:
        body["firstComment"] = {"comment": content["first_comment"]["text"]}
    if platform in ("youtube", "youtube_shorts"):
        title = content["title"] or publication["item"]["title"]
        body["youTubeOptions"] = {"title": title[:100], "shorts": platform == "youtube_shorts"}
    return body


def _buffer(publication: Body) -> dict[str, Any]:
    content, channel = publication["content"], publication["channel"] or {}
    return {
        "channelId": channel.get("handle", ""),
        "text": text_of(content),
        "schedulingType": "automatic",
        "mode": "customSchedule",
        "dueAt": _utc(publication),
        "assets": {
            "videos": [{"url": each["url"]} for each in content["media"] if _is_video(each)],
            "images": [
                {"url": each["url"], "metadata": {"altText": each["alt_text"]}}
                for each in content["media"]
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
