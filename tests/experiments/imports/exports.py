"""Small exports with the quirks of real ones, written here; nothing is copied from a real file."""

from __future__ import annotations

from pathlib import Path

from experiments.imports import reading, surveying
from experiments.imports.issues import Issues
from experiments.imports.reading import Rejected
from experiments.imports.surveying import Surveyed
from experiments.imports.values import Answers, Issue, Row

YOUTUBE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,"
    "Impressions,Impressions click-through rate (%)"
)
INSTAGRAM = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,"
    "Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Comments,Saves,Follows"
)
FACEBOOK = (
    "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Permalink,Date,Views,"
    "Reach,Reactions,Comments,Shares,Total clicks,Link Clicks,Average Seconds viewed"
)
TIKTOK_DAYS = (
    "Date,Video views,Reached audience,Profile views,Likes,Shares,Comments,Phone number clicks ,"
    "Leads submission,Net growth,New followers,Lost followers"
)
TIKTOK_VIDEOS = (
    "Video title,Video link,Post time,Video views,Likes,Comments,Shares,Add to Favorites"
)


def instagram(ident: str = "18000000000000001", **said: str) -> str:
    """One row of an Instagram content export."""
    row = {
        "caption": "Three mistakes", "duration": "30", "at": "03/18/2025 09:48",
        "views": "52", "reach": "37", "likes": "3", "saves": "0", "follows": "",
    } | said  # fmt: skip
    return (
        f'{ident},1,ann,Ann,"{row["caption"]}",{row["duration"]},{row["at"]},'
        f"https://www.instagram.com/reel/{ident[-5:]}/,IG reel,,Lifetime,{row['views']},"
        f"{row['reach']},{row['likes']},0,0,{row['saves']},{row['follows']}"
    )


def written(
    folder: Path, text: str | bytes, *, encoding: str = "utf-8", name: str = "a.csv"
) -> Path:
    """The export as a file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def surveyed(
    folder: Path, text: str | bytes, answers: Answers | None = None, **said: str
) -> Surveyed:
    return surveying.survey(written(folder, text, **said), answers)


def read(
    folder: Path, text: str | bytes, answers: Answers | None = None, **said: str
) -> tuple[list[Row], list[Issue], dict[str, Issue]]:
    """(rows, reasons of rows left out, warnings by code) of an export that is not refused."""
    found = surveyed(folder, text, answers, **said)
    assert not found.survey.refusals, found.survey.refusals
    warnings = Issues()
    rows, rejected = [], []
    for each in reading.rows(found, warnings):
        if isinstance(each, Rejected):
            rejected.append(each.issue)
        else:
            rows.append(each)
    told = {each.code: each for each in (*found.survey.warnings, *warnings.all())}
    return rows, rejected, told
