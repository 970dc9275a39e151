"""The supervised process itself: `python -m hub.supervisor.cluster FD` runs django-q2 and shows its signs of life."""

from __future__ import annotations

import os
import sys

import django

from hub.supervisor.child import forks_die_with_us
from hub.supervisor.signs import writer


def main(fd: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    django.setup()
    from hub.queue.cluster import run_cluster  # noqa: PLC0415 - models may be imported only after setup

    forks_die_with_us()
    run_cluster(writer(fd))


if __name__ == "__main__":
    main(int(sys.argv[1]))
