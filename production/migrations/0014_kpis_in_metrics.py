from django.db import migrations

# What the KPIs that a workspace starts with add up, in metric codes, and how an exposure counts.
METRICS = {
    "impressions-per-week": ("impressions", "", "count"),
    "average-view-percent": ("avg_view_pct*views", "views", "mean"),
    "saves-per-1000": ("saves", "impressions", "count"),
    "profile-clicks-per-1000": ("profile_clicks", "impressions", "count"),
    "link-ctr": ("link_clicks", "profile_visits", "proportion"),
    "qualified-leads-per-week": ("qualified_leads", "", "count"),
    "cost-per-lead": ("spend", "qualified_leads", "count"),
    "three-second-hold": ("hold_3s_pct*views", "views", "proportion"),
    "leads-per-1000": ("qualified_leads", "impressions", "count"),
    "positive-comment-share": ("comments_positive", "comments_positive+comments_negative", "proportion"),
    "engagement-per-1000": ("comments+saves", "impressions", "count"),
}


def fill(apps, schema_editor):
    definitions = apps.get_model("production", "KpiDefinition").objects
    for code, (numerator, denominator, statistic) in METRICS.items():
        definitions.filter(code=code, numerator_metrics="").update(
            numerator_metrics=numerator, denominator_metrics=denominator, statistic=statistic
        )


class Migration(migrations.Migration):
    dependencies = [("production", "0013_cycles")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
