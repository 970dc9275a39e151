"""Workers in processes of their own, on the test's database."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import quote, urlencode

from django.db import connection


def environment() -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url()}


def database_url() -> str:
    """The test's own database, for another process."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    given = connection.get_connection_params()
    login = quote(given["user"]) + (f":{quote(given['password'])}" if given.get("password") else "")
    where = urlencode({name: given[name] for name in ("host", "port") if given.get(name)})
    return f"postgres://{login}@/{given['dbname']}?{where}"


def start_working(wait: float = 3.0) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "work", "--until-idle", "--wait", str(wait)]
    return subprocess.Popen(command, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
