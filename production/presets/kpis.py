"""The KPIs of the method: what is counted, over what, from where (R11, R14 to R16, R58 to R65)."""

from __future__ import annotations

from dataclasses import dataclass

from production.models import KpiDefinition
from production.presets.both import Both

RATIO, MEAN, COUNT, DURATION, MONEY = (
    KpiDefinition.Kind.RATIO,
    KpiDefinition.Kind.MEAN,
    KpiDefinition.Kind.COUNT,
    KpiDefinition.Kind.DURATION,
    KpiDefinition.Kind.MONEY,
)
NOTHING = Both("", "")
ANALYTICS = Both("Channel analytics", "Kanavan analytiikka")
IMPRESSIONS = Both("Impressions", "Näytöt")
UP, DOWN = KpiDefinition.Direction.UP, KpiDefinition.Direction.DOWN


@dataclass(frozen=True, slots=True)
class KpiPreset:
    code: str
    name: Both
    short: Both
    numerator: Both
    denominator: Both = NOTHING
    per: int = 1
    unit: str = ""
    kind: KpiDefinition.Kind = RATIO
    direction: KpiDefinition.Direction = UP
    source: Both = ANALYTICS
    metrics: str = ""  # numerator / denominator, in metric codes
    statistic: KpiDefinition.Statistic = KpiDefinition.Statistic.COUNT

    @property
    def numerator_metrics(self) -> str:
        return self.metrics.partition(" / ")[0]

    @property
    def denominator_metrics(self) -> str:
        return self.metrics.partition(" / ")[2]


KPIS = (
    KpiPreset(
        "impressions-per-week",
        Both("Impressions per week, primary channels", "Näytöt viikossa, pääkanavat"),
        Both("impr./week", "näytöt/vko"),
        Both("Impressions on primary channels", "Näytöt pääkanavilla"),
        kind=COUNT,
        metrics="impressions",
    ),
    KpiPreset(
        "average-view-percent",
        Both("Average share viewed, videos", "Keskimääräinen katselu, videot"),
        Both("viewed %", "katselu-%"),
        Both("Watch time", "Katseluaika"),
        Both("Video length × views", "Videon pituus × katselut"),
        per=100,
        unit="%",
        kind=MEAN,
        metrics="avg_view_pct*views / views",
        statistic=KpiDefinition.Statistic.MEAN,
    ),
    KpiPreset(
        "saves-per-1000",
        Both("Saves per 1,000 impressions", "Tallennukset / 1 000 näyttöä"),
        Both("saves/1k", "tall./1 000"),
        Both("Saves", "Tallennukset"),
        IMPRESSIONS,
        per=1000,
        metrics="saves / impressions",
    ),
    KpiPreset(
        "profile-clicks-per-1000",
        Both("Profile clicks per 1,000 impressions", "Profiiliklikit / 1 000 näyttöä"),
        Both("profile/1k", "profiili/1 000"),
        Both("Profile clicks", "Profiiliklikit"),
        IMPRESSIONS,
        per=1000,
        metrics="profile_clicks / impressions",
    ),
    KpiPreset(
        "link-ctr",
        Both("Click rate of the link in the profile", "Profiilin linkin klikkausprosentti"),
        Both("link CTR", "linkin CTR"),
        Both("Clicks on the link", "Linkin klikkaukset"),
        Both("Profile visits", "Profiilikäynnit"),
        per=100,
        unit="%",
        source=Both("Channel and site analytics", "Kanavan ja sivuston analytiikka"),
        metrics="link_clicks / profile_visits",
        statistic=KpiDefinition.Statistic.PROPORTION,
    ),
    KpiPreset(
        "qualified-leads-per-week",
        Both("Qualified leads per week", "Kvalifioidut liidit viikossa"),
        Both("leads/week", "liidit/vko"),
        Both("Leads that sales accepts", "Liidit, jotka myynti hyväksyy"),
        kind=COUNT,
        source=Both("CRM", "CRM"),
        metrics="qualified_leads",
    ),
    KpiPreset(
        "cost-per-lead",
        Both("Cost per qualified lead", "Hinta per kvalifioitu liidi"),
        Both("CPL", "CPL"),
        Both("Media spend", "Mediakulut"),
        Both("Leads that sales accepts", "Liidit, jotka myynti hyväksyy"),
        unit="€",
        kind=MONEY,
        direction=DOWN,
        source=Both("Ad account and CRM", "Mainostili ja CRM"),
        metrics="spend / qualified_leads",
    ),
    KpiPreset(
        "lead-time",
        Both("Lead time, idea to publication", "Läpimenoaika ideasta julkaisuun"),
        Both("lead time", "läpimenoaika"),
        Both("First publication − idea, median", "Ensijulkaisu − idea, mediaani"),
        unit="h",
        kind=DURATION,
        direction=DOWN,
        source=Both("Putki, from the log", "Putki, lokista"),
    ),
    KpiPreset(
        "three-second-hold",
        Both("Viewers who stay past 3 seconds", "Katsojat, jotka pysyvät yli 3 sekuntia"),
        Both("3 s hold", "3 s pito"),
        Both("Views longer than 3 seconds", "Yli 3 sekunnin katselut"),
        Both("Views", "Katselut"),
        per=100,
        unit="%",
        metrics="hold_3s_pct*views / views",
        statistic=KpiDefinition.Statistic.PROPORTION,
    ),
    KpiPreset(
        "leads-per-1000",
        Both("Qualified leads per 1,000 impressions", "Kvalifioidut liidit / 1 000 näyttöä"),
        Both("leads/1k", "liidit/1 000"),
        Both("Leads that sales accepts", "Liidit, jotka myynti hyväksyy"),
        IMPRESSIONS,
        per=1000,
        source=Both("CRM and channel analytics", "CRM ja kanavan analytiikka"),
        metrics="qualified_leads / impressions",
    ),
    KpiPreset(
        "positive-comment-share",
        Both("Share of positive comments", "Myönteisten kommenttien osuus"),
        Both("positive %", "myönteiset %"),
        Both("Positive comments", "Myönteiset kommentit"),
        Both("Comments whose tone was judged", "Kommentit, joiden sävy on arvioitu"),
        per=100,
        unit="%",
        source=Both("Counted by the community owner", "Yhteisövastaava laskee"),
        metrics="comments_positive / comments_positive+comments_negative",
        statistic=KpiDefinition.Statistic.PROPORTION,
    ),
    KpiPreset(
        "engagement-per-1000",
        Both("Comments, saves per 1,000 impressions", "Kommentit, tallennukset / 1 000 näyttöä"),
        Both("com.+saves/1k", "kom.+tall./1 000"),
        Both("Comments + saves", "Kommentit + tallennukset"),
        IMPRESSIONS,
        per=1000,
        metrics="comments+saves / impressions",
    ),
)  # fmt: skip
