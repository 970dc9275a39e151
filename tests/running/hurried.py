"""An operator's settings, but a task may take only seconds, and a locked database is waited for only a moment."""

from hub.settings import *  # noqa: F403
from hub.settings import DATABASES, Q_CLUSTER, SQLITE

Q_CLUSTER |= {"timeout": 2, "guard_cycle": 0.25}
if SQLITE:
    DATABASES["default"]["OPTIONS"]["timeout"] = 1
