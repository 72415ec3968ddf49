"""What a balancer, an operator and a collector of metrics may ask."""

import hmac
import ipaddress
import shutil
from collections.abc import Callable
from functools import wraps

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from production import gauges

DATABASE_ANSWERS_WITHIN_MS = 1_000

View = Callable[[HttpRequest], HttpResponse]


class Draining:
    """Whether this process has been told to stop and should get no more visitors."""

    now = False


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process runs; nothing else is asked."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when people may be sent here. A broker that is away is told, but refuses nobody."""
    state = {"database": database_state(), "broker": broker_state(), "draining": Draining.now}
    is_ready = state["database"] == "ok" and not Draining.now
    status = "ready" if is_ready else "not ready"
    return JsonResponse({"status": status, **state}, status=200 if is_ready else 503)


def database_state() -> str:
    """`ok`, `away`, or `behind` when migrations are missing."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # SET takes no value that is bound on the server; this function does.
                within = str(DATABASE_ANSWERS_WITHIN_MS)
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [within])
            cursor.execute("SELECT 1")
            if connection.vendor == "postgresql":
                cursor.execute("RESET statement_timeout")
        return "ok" if Migrations.applied() else "behind"
    except (DatabaseError, OSError):
        return "away"


class Migrations:
    """Asked until the answer is yes: a process never sees migrations disappear."""

    seen = False

    @classmethod
    def applied(cls) -> bool:
        if not cls.seen:
            executor = MigrationExecutor(connection)
            cls.seen = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return cls.seen


def broker_state() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5
        ) as broker:
            broker.ping()
        return "ok"
    except (redis.RedisError, OSError):
        return "away"


def for_operators(view: View) -> View:
    """Only for who holds METRICS_TOKEN, or, where none is set, for this very machine."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not _is_operator(request):
            raise Http404
        return view(request)

    return guarded


def _is_operator(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        offered = request.headers.get("Authorization", "")
        return hmac.compare_digest(offered.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine would make every visitor local.
    if settings.TRUSTED_PROXIES or request.headers.get("X-Forwarded-For"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@never_cache
@require_safe
@for_operators
def deps(request: HttpRequest) -> HttpResponse:
    """What Putki stands on, and how much of it is left."""
    disk = shutil.disk_usage(settings.VAR_DIR if settings.VAR_DIR.exists() else "/")
    return JsonResponse(
        {
            "database": {"state": database_state(), "vendor": connection.vendor},
            "broker": {"state": broker_state(), **broker_figures()},
            "disk": {"free_bytes": disk.free, "free_share": round(disk.free / disk.total, 3)},
        }
    )


def broker_figures() -> dict[str, int | None]:
    """How many jobs wait, and for how many seconds yet somebody holds the clock."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5
        ) as broker:
            return {
                "jobs_waiting": int(broker.llen("celery")),
                "clock_lease_seconds": max(int(broker.ttl("putki:beat")), 0),
            }
    except (redis.RedisError, OSError):
        return {"jobs_waiting": None, "clock_lease_seconds": None}


@require_safe
@for_operators
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format: of the requests, and of every workspace's flow."""
    answer = ExportToDjangoView(request)
    answer.content += gauges.text(timezone.now())
    return answer
