"""Puts the presets into an empty workspace, in its language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from production.models import (
    Board,
    Channel,
    ChannelSignal,
    Format,
    Gate,
    Goal,
    Kind,
    KpiDefinition,
    KpiDefinitionVersion,
    Label,
    MixRule,
    Pillar,
    Stage,
    User,
    Window,
    Workspace,
)
from production.plan.definitions import definition_of
from production.presets.board import BOARD, GATES, STAGES
from production.presets.formats import FORMATS
from production.presets.kpis import KPIS
from production.presets.plan import CHANNELS, GOALS, MIX, NEW_MESSAGE, PILLARS, WINDOWS


def fill(workspace: Workspace, *, by: User, at: datetime, whole_method: bool) -> Board:
    """The default board with a stage per kind; with the whole method also gates and vocabulary.

    Part of `workspaces.create`: writes rows, no events.
    """
    board = _board(workspace)
    if whole_method:
        _gates(workspace, board)
        kpis = _kpis(workspace, by, at)
        _goals(workspace, kpis)
        _channels(workspace, kpis)
        add_windows(workspace.channels.order_by("id"), at)
        add_mix_rules(workspace)
        name = NEW_MESSAGE.in_(workspace.language)
        Label.objects.create(workspace=workspace, name=name)
        _pillars(workspace, kpis)
        _formats(workspace)
    return board


def _board(workspace: Workspace) -> Board:
    language = workspace.language
    board = Board.objects.create(workspace=workspace, name=BOARD.in_(language))
    add_stages(board, language)
    return board


def add_stages(board: Board, language: str) -> None:
    """One stage per kind, with the limits of the method."""
    Stage.objects.bulk_create(
        Stage(
            workspace_id=board.workspace_id,
            board=board,
            name=preset.name.in_(language),
            kind=preset.kind,
            position=position,
            wip_limit=preset.wip_limit,
            limit_mode=Stage.LimitMode.BLOCK if preset.wip_limit else Stage.LimitMode.WARN,
            waiting=preset.waiting,
        )
        for position, preset in enumerate(STAGES)
    )


def _gates(workspace: Workspace, board: Board) -> None:
    stages = {Kind(stage.kind): stage for stage in board.stages.all()}
    Gate.objects.bulk_create(
        Gate(
            workspace=workspace,
            stage=stages[preset.kind],
            label=preset.label.in_(workspace.language),
            check_kind=preset.check,
            field=preset.field,
            counted=preset.counted,
            at_least=preset.at_least,
            position=position,
        )
        for position, preset in enumerate(GATES)
    )


def _kpis(workspace: Workspace, by: User, at: datetime) -> dict[str, KpiDefinition]:
    language = workspace.language
    kpis = {
        preset.code: KpiDefinition.objects.create(
            workspace=workspace,
            position=position,
            code=preset.code,
            name=preset.name.in_(language),
            short_name=preset.short.in_(language),
            numerator=preset.numerator.in_(language),
            denominator=preset.denominator.in_(language),
            per=preset.per,
            unit=preset.unit,
            kind=preset.kind,
            direction=preset.direction,
            source=preset.source.in_(language),
            numerator_metrics=preset.numerator_metrics,
            denominator_metrics=preset.denominator_metrics,
            statistic=preset.statistic,
        )
        for position, preset in enumerate(KPIS)
    }
    KpiDefinitionVersion.objects.bulk_create(
        KpiDefinitionVersion(kpi=kpi, number=1, definition=definition_of(kpi), at=at, by=by)
        for kpi in kpis.values()
    )
    return kpis


def _goals(workspace: Workspace, kpis: dict[str, KpiDefinition]) -> None:
    Goal.objects.bulk_create(
        Goal(
            workspace=workspace,
            position=position,
            name=preset.name.in_(workspace.language),
            primary_kpi=kpis[preset.primary],
            secondary_kpi=kpis[preset.secondary] if preset.secondary else None,
        )
        for position, preset in enumerate(GOALS)
    )


def _channels(workspace: Workspace, kpis: dict[str, KpiDefinition]) -> None:
    for position, preset in enumerate(CHANNELS):
        channel = Channel.objects.create(
            workspace=workspace,
            position=position,
            name=preset.name,
            platform=preset.platform,
            role=preset.role,
            winning_kpi=kpis[preset.winning],
            reporting_zone=preset.zone,
        )
        ChannelSignal.objects.bulk_create(
            ChannelSignal(channel=channel, rank=rank, name=name.in_(workspace.language))
            for rank, name in enumerate(preset.signals, start=1)
        )


def add_windows(channels: Iterable[Channel], at: datetime) -> list[Window]:
    """The usual hours of each channel's platform."""
    return Window.objects.bulk_create(
        Window(
            workspace_id=channel.workspace_id,
            channel=channel,
            weekdays=list(preset.weekdays),
            begins=time(preset.begins),
            ends=time(preset.ends),
            created_at=at,
        )
        for channel in channels
        for preset in WINDOWS[channel.platform]
    )


def add_mix_rules(workspace: Workspace) -> list[MixRule]:
    """What the method promises of a week."""
    return MixRule.objects.bulk_create(
        MixRule(
            workspace=workspace,
            counts=preset.counts,
            channel_role=preset.role,
            phase=preset.phase,
            at_least=preset.at_least,
            at_most=preset.at_most,
        )
        for preset in MIX
    )


def _pillars(workspace: Workspace, kpis: dict[str, KpiDefinition]) -> None:
    Pillar.objects.bulk_create(
        Pillar(
            workspace=workspace,
            position=position,
            name=preset.name.in_(workspace.language),
            description=preset.description.in_(workspace.language),
            kpi=kpis[preset.kpi],
        )
        for position, preset in enumerate(PILLARS)
    )


def _formats(workspace: Workspace) -> None:
    language = workspace.language
    Format.objects.bulk_create(
        Format(
            workspace=workspace,
            position=position,
            name=preset.name.in_(language),
            title_formula=preset.title.in_(language),
            hook_pattern=preset.hook.in_(language),
            b_roll=[shot.in_(language) for shot in preset.b_roll],
            cta=preset.cta.in_(language),
            length_min_seconds=preset.seconds[0],
            length_max_seconds=preset.seconds[1],
            script_template=preset.script.in_(language),
        )
        for position, preset in enumerate(FORMATS)
    )
