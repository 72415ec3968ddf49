"""What kind of process this is, as the database sees it: its name and its patience."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

UNSIGNED = (
    "SECRET_KEY is not set: `make run` makes one for this machine; anywhere else set "
    "SECRET_KEY or SECRET_KEY_FILE."
)


def has_secret() -> bool:
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False


def become(kind: str) -> None:
    """Be a `web`, `worker`, `beat` or `manage` process from the next connection on.

    Ends the process when it would serve without a secret.
    """
    if kind != "manage" and not has_secret():
        raise SystemExit(UNSIGNED)
    database = connections.settings["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        return
    limits = {
        "statement_timeout": settings.STATEMENT_TIMEOUT_MS[kind],
        "lock_timeout": settings.LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": settings.IDLE_IN_TRANSACTION_TIMEOUT_MS,
        "client_connection_check_interval": 5_000,
        # Compiling a query takes longer than any query of ours.
        "jit": "off",
    }
    database["OPTIONS"]["application_name"] = f"putki-{kind}"
    options = [f"-c {name}={value}" for name, value in limits.items()]
    database["OPTIONS"]["options"] = " ".join(options)
