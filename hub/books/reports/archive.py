"""Zip files that depend on their content alone: the same data makes the same bytes, whenever it is packed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can tell."""


def entry(name: str) -> ZipInfo:
    info = ZipInfo(name, BEGINNING)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


class Timeless(ZipFile):
    """Takes no time from the clock, and none from the files that are put into it."""

    def writestr(
        self, zinfo_or_arcname: Any, data: Any, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        named = isinstance(zinfo_or_arcname, str)
        super().writestr(entry(zinfo_or_arcname) if named else zinfo_or_arcname, data, compress_type, compresslevel)

    def write(
        self, filename: Any, arcname: Any = None, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        with Path(filename).open("rb") as source, self.open(entry(str(arcname)), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)
