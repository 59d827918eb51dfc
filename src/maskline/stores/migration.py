"""Numbered steps of a schema, each applied once, whole, and never changed afterwards."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from maskline.domain.error import StoreFailed

_SQL = Path(__file__).parent / "sql"
_FILE = re.compile(r"(\d{4})_(?:pre|post)_\w+\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: `pre` is safe under the previous release, `post` needs it gone."""

    number: int
    name: str
    script: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the script, hex."""
        return sha256(self.script.encode()).hexdigest()

    @property
    def is_post(self) -> bool:
        """Whether it drops what the release before still needs."""
        return is_post(self.name)


def is_post(name: str) -> bool:
    """The same of a step that is known by its name alone."""
    return name[5:].startswith("post_")


def migrations_of(database: str) -> Path:
    """The folder of the steps for `sqlite` or `postgres`."""
    return _SQL / database / "migrations"


def load_migrations(folder: Path) -> tuple[Migration, ...]:
    """The steps this release knows, in order; numbers run 1, 2, 3 without a gap."""
    steps: list[Migration] = []
    for file in sorted(folder.glob("*.sql")):
        matched = _FILE.fullmatch(file.name)
        if matched is None or int(matched[1]) != len(steps) + 1:
            raise StoreFailed(f"migration {file.name} breaks the row of numbers")
        script = file.read_text(encoding="utf-8")
        steps.append(Migration(number=int(matched[1]), name=file.stem, script=script))
    return tuple(steps)
