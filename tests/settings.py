"""The project's settings, in an environment of their own: a fresh folder for each run, quick doubts, local hosts."""

import os
import tempfile

os.environ.setdefault("COUNTINGHOUSE_VAR", tempfile.mkdtemp(prefix="countinghouse-tests-"))
os.environ.setdefault("COUNTINGHOUSE_ALLOW_HOSTS", "127.0.0.1,localhost")
os.environ.setdefault("COUNTINGHOUSE_DOUBT_DELAY", "0.05")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from hub.settings import *  # noqa: F403
