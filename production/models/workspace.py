from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from production.models.fields import PublicIdField
from production.models.people import User


class WorkspaceQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: User) -> WorkspaceQuerySet:
        return self.filter(memberships__user=user, memberships__removed_at=None)


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class Workspace(models.Model):
    """One team's boards, experiments and playbook. Nothing crosses its border."""

    class ClockStart(models.TextChoices):
        IDEA = "idea", _("When the idea is written down")
        COMMITMENT = "commitment", _("When the card leaves Ideas")

    class DurationMode(models.TextChoices):
        ELAPSED = "elapsed", _("Elapsed time")
        CALENDAR = "calendar", _("Calendar days")
        WORKING = "working", _("Working days")

    public_id = PublicIdField("wsp")
    name = models.CharField(_("Name"), max_length=100)
    slug = models.SlugField(_("Address"), max_length=60, unique=True)
    item_prefix = models.CharField(_("Key prefix"), max_length=8, default="VID")
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Europe/Helsinki")
    language = models.CharField(
        _("Language"),
        max_length=2,
        choices=[("en", "English"), ("fi", "Suomi")],
        default="en",
    )
    target_hours = models.PositiveIntegerField(_("Lead-time target in hours"), default=72)
    baseline_hours = models.PositiveIntegerField(_("Lead-time baseline in hours"), default=168)
    clock_start = models.CharField(
        _("The lead-time clock starts"),
        max_length=10,
        choices=ClockStart,
        default=ClockStart.IDEA,
    )
    sle_share = models.PositiveSmallIntegerField(_("Share the promise is kept for, %"), default=85)
    # The promise of the team itself; empty: what the last 30 days show.
    sle_hours = models.PositiveIntegerField(_("Promise in hours"), null=True, blank=True)
    duration_mode = models.CharField(
        _("Durations are shown as"),
        max_length=10,
        choices=DurationMode,
        default=DurationMode.ELAPSED,
    )
    # ISO weekdays, Monday is 1, and single days off as ISO dates; only for the mode "working".
    working_weekdays = models.JSONField(_("Working days"), default=monday_to_friday, blank=True)
    holidays = models.JSONField(_("Days off"), default=list, blank=True)
    wip_limit_per_person = models.PositiveSmallIntegerField(
        _("Cards in progress per person"), null=True, blank=True
    )
    wip_per_person_blocks = models.BooleanField(
        _("Refuse above the limit per person"), default=False
    )
    # How long after its time a scheduled publication may stay without a report.
    grace_minutes = models.PositiveSmallIntegerField(
        _("Minutes until a missing report is an alarm"), default=60
    )
    min_reviewers = models.PositiveSmallIntegerField(_("Signatures a review needs"), default=1)
    # A guest without an account signs under a link; whether that counts, the owners say.
    guests_count = models.BooleanField(_("Signatures of guests count"), default=False)
    last_seq = models.PositiveBigIntegerField(default=0, editable=False)
    last_item_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="workspaces"
    )

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class FormerSlug(models.Model):
    """An address that the workspace once had; it redirects."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.slug


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    CREATOR = "creator", _("Creator")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")
    EXTERNAL = "external", _("External contributor")


class Membership(models.Model):
    """A person in a workspace, with one role. Leaving keeps the row: the past names people."""

    class Digest(models.TextChoices):
        OFF = "off", _("Never")
        WEEKDAYS = "weekdays", _("On weekdays")
        DAILY = "daily", _("Every day")

    public_id = PublicIdField("mem")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("Role"), max_length=10, choices=Role, default=Role.CREATOR)
    # External contributors only: the kinds of stage in which they may work on what is theirs.
    stage_kinds = models.JSONField(_("Works in"), default=list, blank=True)
    digest = models.CharField(
        _("Digest by e-mail"), max_length=8, choices=Digest, default=Digest.WEEKDAYS
    )
    digest_hour = models.PositiveSmallIntegerField(_("Sent at"), default=8)
    # No e-mail between these hours of the member's own zone; equal hours mean no quiet time.
    quiet_from = models.PositiveSmallIntegerField(_("Quiet from"), default=20)
    quiet_until = models.PositiveSmallIntegerField(_("Quiet until"), default=7)
    joined_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_person"),
            models.CheckConstraint(
                name="membership_role", condition=models.Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="membership_hours",
                condition=models.Q(digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(models.Model):
    """A link that lets one person in. Only its SHA-256 is kept."""

    public_id = PublicIdField("inv")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail"), max_length=254)
    role = models.CharField(_("Role"), max_length=10, choices=Role, default=Role.CREATOR)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "workspace",
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at
