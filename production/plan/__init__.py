"""The vocabulary of the plan: channels, pillars, formats, KPIs, goals, partners, labels."""
