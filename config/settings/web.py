"""The web: addresses, https, security headers, static files."""

import os
from urllib.parse import urlsplit

from config.addresses import own_names
from config.settings.environment import BASE_DIR, DEBUG, VAR_DIR, env

HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
# Where people find this installation: links in mail and feeds start with it.
SITE_URL = env.str("SITE_URL", default="").rstrip("/") or f"http://{HOST}:{PORT}"
_SITE = urlsplit(SITE_URL)
SERVED_BY_HTTPS = _SITE.scheme == "https"

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *([_SITE.hostname] if _SITE.hostname else []),
    *own_names(HOST),
]
CSRF_TRUSTED_ORIGINS = [f"{_SITE.scheme}://{_SITE.netloc}"]
# Whose X-Forwarded-For and X-Forwarded-Proto are believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

WEB_PROCESSES = env.int("WEB_PROCESSES", default=1)
if WEB_PROCESSES > 1:
    # Figures of several processes meet in files; the library asks for the folder when imported.
    METRICS_DIR = VAR_DIR / "metrics"
    METRICS_DIR.mkdir(exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))
WEB_THREADS = env.int("WEB_THREADS", default=8)
# How long a stopping process stays reachable, so that a balancer can turn away from it first.
DRAIN_SECONDS = env.float("DRAIN_SECONDS", default=0.0)
STREAMS_PER_PERSON = env.int("STREAMS_PER_PERSON", default=20)

SECURE_SSL_REDIRECT = SERVED_BY_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_BY_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": _SELF,
        "media-src": ["'self'", "blob:"],
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "form-action": _SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "config.storage.HashedFiles"
        )
    },
}
