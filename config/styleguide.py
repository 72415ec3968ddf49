"""Every part of the interface on one page, in development, for whoever draws the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str = "ann@example.org"
    is_authenticated: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Workspace:
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    sentence: str
    fix_url: str = ""
    fix_label: str = ""


class Example(forms.Form):
    name = forms.CharField(help_text="What the channel is called on cards.", max_length=40)
    handle = forms.CharField(required=False)
    platform = forms.ChoiceField(choices=[("tiktok", "TikTok"), ("youtube", "YouTube")])
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    role = forms.ChoiceField(
        choices=[("primary", "Primary"), ("support", "Support")], widget=forms.RadioSelect
    )
    warn = forms.BooleanField(label="Warn only", required=False, help_text="Else the stage blocks.")
    file = forms.FileField(required=False)


PLACES = ("Board", "My work", "Reviews", "Activity", "Settings")
ICONS = [
    "search",
    "plus",
    "inbox",
    "settings",
    "people",
    "link",
    "copy",
    "download",
    "file",
    "lock",
    "block",
    "undo",
    "archive",
    "trash",
    "edit",
    "grip",
    "filter",
    "calendar",
    "clock",
    "flag",
    "comment",
    "tree",
    "move",
    "sun",
    "moon",
    "warning",
    "info",
    "eye",
    "key",
    "hook",
    "globe",
]

ANN, BEN, VERA = Person("Ann Koski"), Person("Ben Laine"), Person("Vera Salo")


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page with all components, with invented content."""
    now = timezone.now()
    if "toast" in request.GET:
        messages.info(request, "VID-29 moved to Ready to publish.", extra_tags="/styleguide/")
    broken = Example({"name": "", "platform": "tiktok", "role": "primary"})
    broken.is_valid()
    context: dict[str, Any] = {
        "user": ANN,
        "icons": ICONS,
        "people": [ANN, BEN, VERA],
        "workspace": Workspace("Studio Aalto", "aalto"),
        "nav": [Place(name, "#", name == "Board") for name in PLACES],
        "palette_url": "/styleguide/",
        "form": Example(),
        "broken": broken,
        "page": Paginator(range(100), 10).page(3),
        "now": now,
        "yesterday": now - timedelta(days=1),
        "last_year": now - timedelta(days=400),
        "durations": [timedelta(hours=hours) for hours in (0.4, 41, 81, 312)],
        "refusals": [
            Reason("review", "A second person has not signed this version.", "#", "Ask…"),
            Reason("wip_limit", "Editing is full (4 of 4)."),
        ],
    }
    return render(request, "styleguide.html", context)
