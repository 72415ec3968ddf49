"""The shapes of publishing for the API's description; `shapes.py` writes them."""

from __future__ import annotations

from rest_framework import serializers

from production.api.fields import Choice, Moment
from production.models import Lease, Publication

LARGEST = 2**31 - 1


class Count(serializers.IntegerField):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**({"min_value": 0, "max_value": LARGEST} | kwargs))


class Id(serializers.CharField):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=30, **kwargs)


class ItemBrief(serializers.Serializer):
    id = Id()
    key = serializers.CharField(max_length=30)
    title = serializers.CharField(max_length=200)
    url = serializers.CharField(max_length=500)


class ChannelBrief(serializers.Serializer):
    id = Id()
    platform = serializers.CharField(max_length=20)
    handle = serializers.CharField(max_length=100)
    placement = serializers.CharField(max_length=4000)


class PublishAt(serializers.Serializer):
    local = serializers.CharField(max_length=16, help_text="The wall time that was meant.")
    timezone = serializers.CharField(max_length=64)
    utc = serializers.DateTimeField()


class WindowBrief(serializers.Serializer):
    id = Id()
    locked_until = serializers.DateField(allow_null=True)


class Holder(serializers.Serializer):
    id = Id()
    holder = serializers.CharField(max_length=100)
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Null once the tool has reported: the claim does not run out."
    )


class Caption(serializers.Serializer):
    text = serializers.CharField(max_length=10_000)
    chars = Count()
    platform_limit = Count(allow_null=True)


class Cover(serializers.Serializer):
    offset_ms = Count()


class Medium(serializers.Serializer):
    id = Id()
    role = serializers.CharField(max_length=10)
    url = serializers.CharField(max_length=1000)
    url_expires_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField(max_length=64, allow_null=True)
    mime = serializers.CharField(max_length=100, allow_null=True)
    bytes = Count(allow_null=True)
    alt_text = serializers.CharField(max_length=500)
    cover = Cover(allow_null=True)


class Link(serializers.Serializer):
    role = serializers.CharField(max_length=10)
    url = serializers.CharField(max_length=1000)
    utm = serializers.DictField(child=serializers.CharField(max_length=200))


class FirstComment(serializers.Serializer):
    text = serializers.CharField(max_length=2200)
    delay_seconds = Count()
    required = serializers.BooleanField()


def _words() -> serializers.ListField:
    word = serializers.CharField(max_length=100)
    return serializers.ListField(child=word, max_length=30, required=False)


class PublicationBrief(serializers.Serializer):
    """One appearance of an item on its channel."""

    id = Id()
    state = Choice(Publication.State.choices)
    version = Count()
    content_digest = serializers.CharField(max_length=71)
    item = ItemBrief()
    channel = ChannelBrief(allow_null=True)
    publish_at = PublishAt(allow_null=True)
    window = WindowBrief(allow_null=True)
    variant = serializers.CharField(max_length=20)
    priority = Count()
    primary_kpi = serializers.CharField(max_length=60, allow_null=True)
    is_test = serializers.BooleanField()
    lease = Holder(allow_null=True)
    published_at = Moment(allow_null=True)
    permalink = serializers.CharField(max_length=500)
    external_id = serializers.CharField(max_length=200, allow_null=True)
    external_id_pending = serializers.BooleanField()
    failure = serializers.DictField(allow_null=True)
    retry_after = Moment(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    # What has to be posted: of one alone, in a claim, and in lists with expand=content.
    caption = Caption(required=False)
    title = serializers.CharField(max_length=200, allow_null=True, required=False)
    hashtags = _words()
    mentions = _words()
    media = Medium(many=True, max_length=20, required=False)
    links = Link(many=True, max_length=3, required=False)
    first_comment = FirstComment(allow_null=True, required=False)
    platform_settings = serializers.DictField(required=False)
    rendered = serializers.DictField(required=False, help_text="With render: for that tool.")


class ClientAnswer(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    run = serializers.CharField(max_length=200)


class LeaseAnswer(serializers.Serializer):
    """A claim, with what was claimed."""

    id = Id()
    fence = Count(help_text="Send it with every report.")
    state = Choice(Lease.State.choices)
    expires_at = Moment(allow_null=True)
    client = ClientAnswer()
    publication = PublicationBrief()


class Why(serializers.Serializer):
    code = serializers.CharField(max_length=40)
    detail = serializers.CharField(max_length=500)


class SkippedAnswer(serializers.Serializer):
    publication = Id()
    refusals = Why(many=True, max_length=50)


class LeasesAnswer(serializers.Serializer):
    leases = LeaseAnswer(many=True, max_length=50)
    skipped = SkippedAnswer(many=True, max_length=50)


class ReportAnswer(serializers.Serializer):
    publication = PublicationBrief()
    accepted = serializers.BooleanField()
    warnings = serializers.ListField(child=serializers.CharField(max_length=40), max_length=10)
