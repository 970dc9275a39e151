"""The tests' settings in a world ten times faster, for processes that may be killed and whose clocks may jump."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.chaos"]
