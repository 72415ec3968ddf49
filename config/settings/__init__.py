"""The settings, by subject.

What differs between machines comes from the environment: `docs/configuration.md` has the
whole table, and a test keeps it whole.
"""

from config.settings.accounts import *
from config.settings.api import *
from config.settings.base import *
from config.settings.data import *
from config.settings.environment import *
from config.settings.logs import *
from config.settings.navigation import *
from config.settings.web import *
