"""What the strategy page can say by itself: the channels, the rhythm, the KPIs to be written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from production import mix, mixrules
from production.calendarview.mixing import NAMES
from production.models import Channel, KpiDefinition, Workspace


def strategy_draft(workspace: Workspace) -> dict[str, str]:
    """Sentences for the fields that follow from the plan; a person reads and corrects them."""
    channels = Channel.objects.filter(workspace=workspace, retired_at=None)
    rows = list(channels.select_related("winning_kpi").order_by("role", "position", "id"))
    lines = [f"{each.name}: {each.get_role_display()}" for each in rows]
    judged: list[KpiDefinition] = []
    for each in rows:
        if each.winning_kpi is not None and each.winning_kpi not in judged:
            judged.append(each.winning_kpi)
    kpis = [_("%(kpi)s: not counted yet") % {"kpi": each.name} for each in judged]
    rules = mix.holding(mixrules.rules_of(workspace), 1)
    return {
        "channels": "\n".join(lines),
        "rhythm": "\n".join(_promise(each) for each in rules),
        "kpis": "\n".join(kpis),
    }


def _promise(rule: mix.Rule) -> str:
    """`Pieces a week, on each primary channel: 4–6`."""
    what = str(NAMES[rule.counts])
    if rule.role:
        where = str(Channel.Role(rule.role).label).lower()
        what = _("%(what)s, on each channel that is %(role)s") % {"what": what, "role": where}
    least, most = rule.at_least, rule.at_most
    if least is not None and most is not None and least != most:
        amount = f"{least}–{most}"
    elif least is not None:
        amount = _("at least %(least)s") % {"least": least}
    else:
        amount = _("at most %(most)s") % {"most": most}
    if rule.is_share:
        amount += " %"
    return _("%(what)s a week: %(amount)s") % {"what": what, "amount": amount}
