"""The application for a web server that is not started by `manage.py up`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.processes import become  # noqa: E402
from config.web import load_views, make_application  # noqa: E402

become("web")
load_views()
application = make_application()
