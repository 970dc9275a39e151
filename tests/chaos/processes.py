"""Workers in processes of their own, on the test's database."""

from __future__ import annotations

import os
import subprocess
import sys

from django.db import connection


def environment() -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url()}


def database_url() -> str:
    """The test's own database, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    login = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
    host = str(given["HOST"]).replace("/", "%2F")
    return f"postgres://{login}@{host}:{given['PORT'] or 5432}/{given['NAME']}"


def start_working(wait: float = 3.0) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "work", "--until-idle", "--wait", str(wait)]
    return subprocess.Popen(command, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
