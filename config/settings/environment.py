"""The environment and what is read from it before anything else: places and the secret."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
DEBUG = env.bool("DEBUG", default=False)

# Everything Putki writes itself lies here: database, uploads, mail, keys, sockets.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)

LEAST_SECRET_LENGTH = 50
KNOWN_SECRETS = (
    "django-insecure",
    "not-a-secret",
    "change-me",
    "changeme",
    "your-secret",
    "secret-key",
)


def secret_key() -> str:
    """SECRET_KEY, or the content of SECRET_KEY_FILE, or of the file that `make run` writes.

    Without any of them it is empty: commands that sign nothing work, and whatever serves
    refuses to start. One that others can guess is refused at once.
    """
    key = env.str("SECRET_KEY", default="")
    file = Path(env.str("SECRET_KEY_FILE", default=str(VAR_DIR / "secret_key")))
    if not key and file.is_file():
        key = file.read_text().strip()
    if key and is_guessable(key):
        raise ImproperlyConfigured(
            "SECRET_KEY can be guessed: give it at least 50 random characters, for example from "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`."
        )
    return key


def is_guessable(key: str) -> bool:
    return (
        len(key) < LEAST_SECRET_LENGTH
        or len(set(key)) < 10
        or any(known in key.lower() for known in KNOWN_SECRETS)
    )
