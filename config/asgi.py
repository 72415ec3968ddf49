"""The application as web servers call it: Django's synchronous handler on threads that stay."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.bridge import Bridge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = Bridge(
    get_wsgi_application(),
    threads=settings.WEB_THREADS,
    body_limit=settings.BODY_LIMIT,
)
