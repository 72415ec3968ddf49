"""What may be asked of a list of items; the page and the API take the same query string."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from production.boardview.urgency import late, will_miss
from production.errors import Invalid
from production.ids import is_id
from production.models import ContentItem, Kind, Script, Stage
from production.permissions import Seat

NONE, ME = "none", "me"
_LARGEST_KEY = 9  # digits
YES_NO = (("true", _("Yes")), ("false", _("No")))


class IdsField(forms.MultipleChoiceField):
    """Public ids, repeated or separated by commas, or one of a few words."""

    def __init__(self, *, words: Sequence[str] = (), **kwargs: Any) -> None:
        self.words = frozenset(words)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        return [part for each in value or () for part in str(each).split(",") if part]

    def validate(self, value: list[str]) -> None:
        for each in value:
            if each not in self.words and not is_id(each):
                raise ValidationError(gettext("“%(value)s” is not an id.") % {"value": each[:40]})


class IdsFilter(django_filters.Filter):
    field_class = IdsField


class YesNoFilter(django_filters.ChoiceFilter):
    """`true` or `false`, and nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", YES_NO)
        kwargs.setdefault("empty_label", _("Any"))
        super().__init__(**kwargs)


class KindsFilter(django_filters.MultipleChoiceFilter):
    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs.filter(stage__kind__in=value) if value else qs


def holds(field: str, word: str) -> Q:
    """The field holds the word in small or capital letters.

    SQLite folds the letters of ASCII alone: for “Ääni” the other ways to write it are asked too.
    """
    ways = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    found = Q()
    for way in sorted(ways):
        found |= Q(**{f"{field}__icontains": way})
    return found


class ItemFilters(django_filters.FilterSet):
    """The filters of items.

    Archived items are left out unless `archived=true` asks for them alone. Several values of one
    filter mean any of them; several filters mean all of them.
    """

    q = django_filters.CharFilter(
        method="by_words",
        label=_("Words in title, key, script or description"),
        max_length=200,
        validators=[ProhibitNullCharactersValidator()],
    )
    stage = IdsFilter(method="by_stage", label=_("Stage"))
    kind = KindsFilter(choices=Kind.choices, label=_("Kind of stage"))
    channel = IdsFilter(method="by_link", label=_("Channel"), words=(NONE,))
    pillar = IdsFilter(method="by_link", label=_("Pillar"), words=(NONE,))
    format = IdsFilter(method="by_link", label=_("Format"), words=(NONE,))
    kpi = IdsFilter(method="by_kpi", label=_("Primary KPI"), words=(NONE,))
    label = IdsFilter(method="by_label", label=_("Label"), words=(NONE,))
    assignee = IdsFilter(method="by_assignee", label=_("Assignee"), words=(NONE, ME))
    parent = IdsFilter(method="by_link", label=_("Main piece"), words=(NONE,))
    mine = YesNoFilter(method="by_mine", label=_("Assigned to me"))
    blocked = YesNoFilter(method="by_blocked", label=_("Blocked"))
    late = YesNoFilter(method="by_late", label=_("Late or tight"))
    will_miss = YesNoFilter(method="by_will_miss", label=_("Will miss the target"))
    overdue = YesNoFilter(method="by_overdue", label=_("Past its due date"))
    due_before = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="lt", label=_("Due before")
    )
    due_after = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="gte", label=_("Due from")
    )
    archived = YesNoFilter(method="by_archived", label=_("Archived"))

    class Meta:
        model = ContentItem
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        queryset: QuerySet[ContentItem] | None = None,
        *,
        seat: Seat | None = None,
        stages: Sequence[Stage] | None = None,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, queryset, **kwargs)
        self.seat = seat or getattr(self.request, "seat", None)
        self.stages = stages
        self.now = now or timezone.now()

    def require_known(self, also: Iterable[str] = ()) -> None:
        """Raise Invalid for a parameter that nobody knows or a value that means nothing."""
        unknown = sorted(set(self.data or ()) - set(self.base_filters) - set(also))
        errors = {
            name[:40]: [("unknown_filter", gettext("There is no filter of this name."))]
            for name in unknown
        }
        for name, problems in self.form.errors.items():
            errors[name] = [("invalid", str(problem)) for problem in problems]
        if errors:
            raise Invalid(errors)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Every filter in use with its value, in the order of the query string."""
        getlist = getattr(self.data, "getlist", None)
        return [
            (name, value)
            for name in self.data
            if name in self.base_filters
            for value in (getlist(name) if getlist else [self.data[name]])
            if value != ""
        ]

    def filter_queryset(self, queryset: QuerySet[ContentItem]) -> QuerySet[ContentItem]:
        if not self.form.cleaned_data.get("archived"):
            queryset = queryset.filter(archived_at=None)
        return super().filter_queryset(queryset)

    def by_words(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        for word in value.split():
            scripts = Script.objects.filter(holds("text", word)).values("item")
            found = holds("title", word) | holds("description", word) | Q(pk__in=scripts)
            if number := self.number_of(word):
                found |= Q(number=number)
            queryset = queryset.filter(found)
        return queryset

    def number_of(self, word: str) -> int | None:
        """42 of `VID-42`, `vid-42`, `#42` and `42`."""
        prefix = self.seat.workspace.item_prefix if self.seat else "[A-Z]+"
        match = re.fullmatch(rf"(?:(?:{prefix})-|#)?([0-9]+)", word, re.IGNORECASE | re.ASCII)
        return int(match[1]) if match and len(match[1]) <= _LARGEST_KEY else None

    def by_stage(
        self, queryset: QuerySet[ContentItem], name: str, value: list[str]
    ) -> QuerySet[ContentItem]:
        return queryset.filter(stage__public_id__in=value) if value else queryset

    def by_link(
        self, queryset: QuerySet[ContentItem], name: str, value: list[str]
    ) -> QuerySet[ContentItem]:
        return queryset.filter(any_of(name, value)) if value else queryset

    def by_kpi(
        self, queryset: QuerySet[ContentItem], name: str, value: list[str]
    ) -> QuerySet[ContentItem]:
        return queryset.filter(any_of("primary_kpi", value)) if value else queryset

    def by_label(
        self, queryset: QuerySet[ContentItem], name: str, value: list[str]
    ) -> QuerySet[ContentItem]:
        if not value:
            return queryset
        labelled = ContentItem.labels.through.objects
        found = Q(pk__in=labelled.filter(label__public_id__in=value).values("contentitem"))
        if NONE in value:
            found |= Q(labels=None)
        return queryset.filter(found)

    def by_assignee(
        self, queryset: QuerySet[ContentItem], name: str, value: list[str]
    ) -> QuerySet[ContentItem]:
        if not value:
            return queryset
        people = Q(user__public_id__in=value)
        if ME in value and self.seat:
            people |= Q(user=self.seat.user)
        assigned = ContentItem.assignees.through.objects.filter(people)
        found = Q(pk__in=assigned.values("item"))
        if NONE in value:
            found |= Q(assignments=None)
        return queryset.filter(found)

    def by_mine(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        assigned = ContentItem.assignees.through.objects.filter(
            user=self.seat.user if self.seat else None
        )
        return _yes_or_no(queryset, Q(pk__in=assigned.values("item")), value)

    def by_blocked(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        return _yes_or_no(queryset, Q(blocked_at__isnull=False), value)

    def by_late(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        return _yes_or_no(queryset, self._urgent(late), value)

    def by_will_miss(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        return _yes_or_no(queryset, self._urgent(will_miss), value)

    def _urgent(self, how: Callable[..., Q]) -> Q:
        if self.seat is None:
            return Q(pk__in=[])
        stages = self.stages
        if stages is None:
            workspace = self.seat.workspace
            stages = list(Stage.objects.filter(workspace=workspace, retired_at=None))
        return how(stages, target=timedelta(hours=self.seat.workspace.target_hours), now=self.now)

    def by_overdue(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        return _yes_or_no(queryset, Q(due_at__lt=self.now, published_at=None), value)

    def by_archived(
        self, queryset: QuerySet[ContentItem], name: str, value: str
    ) -> QuerySet[ContentItem]:
        return _yes_or_no(queryset, Q(archived_at__isnull=False), value)


def any_of(link: str, values: Sequence[str]) -> Q:
    """Linked to one of these public ids, or to nothing where `none` is among them."""
    found = Q(**{f"{link}__public_id__in": values})
    return found | Q(**{f"{link}__isnull": True}) if NONE in values else found


def _yes_or_no(queryset: QuerySet[Any], what: Q, value: str) -> QuerySet[Any]:
    return queryset.filter(what) if value == "true" else queryset.exclude(what)
