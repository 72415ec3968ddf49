"""Where things are kept: database, broker, cache, jobs, uploads, mail."""

from pathlib import Path

from celery.schedules import crontab

from config.settings.environment import VAR_DIR, env

# --- database -------------------------------------------------------------------------------

DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=8)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/putki.sqlite3")}
_DATABASE = DATABASES["default"]

if _DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # Threads live long, so connections may: opening one costs more than most queries.
    _DATABASE["CONN_MAX_AGE"] = None
    _DATABASE["OPTIONS"] = {
        # A deferred transaction that reads and then writes fails at once beside another writer.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, because WAL with NORMAL may take back acknowledged commits at a power cut.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;"
        ),
    }
elif _DATABASE["ENGINE"] == "django.db.backends.postgresql":
    _DATABASE["CONN_MAX_AGE"] = 0
    _DATABASE["OPTIONS"] = {
        **_DATABASE.get("OPTIONS", {}),
        # The server keeps the plan of what a connection has asked three times: planning takes it
        # longer than answering.
        "server_side_binding": True,
        "prepare_threshold": 3,
        "pool": {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 5},
    }

# How long a statement may take on PostgreSQL, by what runs it (config.processes).
STATEMENT_TIMEOUT_MS = {"web": 10_000, "worker": 300_000, "beat": 10_000, "manage": 300_000}
LOCK_TIMEOUT_MS = 2_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000

# --- broker, cache, bell --------------------------------------------------------------------

# Empty: `manage.py up` keeps a broker of its own on a socket below VAR_DIR.
EMBEDDED_BROKER = not env.str("REDIS_URL", default="")
BROKER_SOCKET = Path(env.str("BROKER_SOCKET", default=str(VAR_DIR / "broker" / "socket")))
REDIS_URL = env.str("REDIS_URL", default="") or f"unix://{BROKER_SOCKET}?db=0"


def _database(number: int) -> str:
    """The same server, another of its numbered databases."""
    if EMBEDDED_BROKER:
        return f"unix://{BROKER_SOCKET}?db={number}"
    address, _, rest = REDIS_URL.partition("?")
    scheme, _, path = address.partition("://")
    host = path.split("/")[0]
    return f"{scheme}://{host}/{number}" + (f"?{rest}" if rest else "")


CACHE_URL = env.str("CACHE_URL", default="") or _database(1)
CACHES = {
    "default": {
        "BACKEND": "config.cache.Cache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "putki",
        "TIMEOUT": 300,
    }
}

# --- jobs -----------------------------------------------------------------------------------

VISIBILITY_TIMEOUT = 300
CELERY_BROKER_URL = (
    f"redis+socket://{BROKER_SOCKET}?virtual_host=0" if EMBEDDED_BROKER else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A job whose worker vanished comes back after this long; the two below make it so
    # (by default it is looked for only every 100 seconds).
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 3,
}
CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT}
# Late alone loses a job whose process is killed: the worker would still acknowledge it.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CONCURRENCY = env.int("WORKER_PROCESSES", default=1)
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("WORKER_DRAIN_SECONDS", default=20.0)
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.celery:LeasedScheduler"
CELERY_BEAT_SCHEDULE = {
    # Every row that is due and that nobody works on is queued again: with this, the
    # broker may lose everything and only time is lost.
    "due": {"task": "production.due", "schedule": 5.0, "options": {"expires": 4}},
    "sweep": {"task": "production.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "bands": {"task": "production.bands", "schedule": 60.0, "options": {"expires": 50}},
    "alerts": {"task": "production.alerts", "schedule": 60.0, "options": {"expires": 50}},
    "digests": {"task": "production.digests", "schedule": 60.0, "options": {"expires": 50}},
    "metric-imports": {
        "task": "experiments.apply_imports",
        "schedule": 5.0,
        "options": {"expires": 4},
    },
    "snapshots": {"task": "experiments.snapshots", "schedule": 5.0, "options": {"expires": 4}},
    "playbook": {"task": "playbook.evidence", "schedule": 30.0, "options": {"expires": 25}},
    "thresholds": {
        "task": "experiments.thresholds",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "thresholds-daily": {
        "task": "experiments.thresholds_daily",
        "schedule": crontab(minute=23, hour=4),
    },
    "risks": {"task": "playbook.risks", "schedule": crontab(minute=41, hour=4)},
    "outcomes": {
        "task": "experiments.outcomes",
        "schedule": crontab(minute=7),
        "options": {"expires": 3_000},
    },
    "moments": {"task": "experiments.moments", "schedule": 30.0, "options": {"expires": 25}},
    "webhooks": {"task": "production.webhooks", "schedule": 5.0, "options": {"expires": 4}},
    "purge": {"task": "production.purge", "schedule": crontab(minute=17, hour=3)},
}

# --- webhooks ---------------------------------------------------------------------------------

# Nothing is sent into private networks, nor to other ports, unless the operator says so.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
WEBHOOK_PORTS = [80, 443, *env.list("WEBHOOK_PORTS", cast=int, default=[])]

# --- uploads and mail -----------------------------------------------------------------------

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", default=25 * 1024 * 1024)
# A file of numbers or experiments is read line by line, so it may be larger.
METRIC_FILE_LIMIT = env.int("METRIC_FILE_LIMIT", default=200 * 1024 * 1024)
# A file of a card: video is large. Imports keep to the smaller limit above.
ASSET_MAX_BYTES = env.int("ASSET_MAX_BYTES", default=200 * 1024 * 1024)
BODY_LIMIT = max(UPLOAD_LIMIT, METRIC_FILE_LIMIT, ASSET_MAX_BYTES) + 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="Putki <putki@localhost>")
