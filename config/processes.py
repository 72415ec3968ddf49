"""What kind of process this is, as the database sees it: its name and its patience."""

from django.conf import settings
from django.db import connections


def become(kind: str) -> None:
    """Be a `web`, `worker`, `beat` or `manage` process from the next connection on."""
    database = connections.settings["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        return
    limits = {
        "statement_timeout": settings.STATEMENT_TIMEOUT_MS[kind],
        "lock_timeout": settings.LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": settings.IDLE_IN_TRANSACTION_TIMEOUT_MS,
        "client_connection_check_interval": 5_000,
    }
    database["OPTIONS"]["application_name"] = f"putki-{kind}"
    database["OPTIONS"]["options"] = " ".join(f"-c {name}={ms}" for name, ms in limits.items())
