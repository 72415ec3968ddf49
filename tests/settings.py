"""The settings of the tests: the product's own, but for what tests must not wait for."""

import os
import secrets
import tempfile

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
# Removed when the tests end (tests/conftest.py).
OWN_FOLDER = None if "VAR_DIR" in os.environ else tempfile.mkdtemp(prefix="putki-tests-")
os.environ.setdefault("VAR_DIR", str(OWN_FOLDER))
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STATIC_ROOT, VAR_DIR, env

# Receivers of webhooks in tests listen here; what guards the network asks for the real setting.
WEBHOOK_ALLOW_PRIVATE = True
FAULT_POINTS = env.list("FAULT_POINTS", default=[])
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STATIC_ROOT.mkdir(exist_ok=True)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads of one test are to meet in one database; no test pulls the plug.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
