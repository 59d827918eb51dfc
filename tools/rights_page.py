"""Write docs/rights.md from the roles, and from the endpoints as a process serves them.

Usage: `python tools/rights_page.py > docs/rights.md`.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from maskline.bootstrap.manage import manage_endpoints  # noqa: E402
from maskline.bootstrap.platform import Platform  # noqa: E402
from maskline.domain.access import PLATFORM_RIGHTS, ROLE_RIGHTS, Right  # noqa: E402
from maskline.manage.endpoint import Endpoint  # noqa: E402
from maskline.settings import Settings, StoreSection  # noqa: E402

HEAD = """# Rights

Made by `python tools/rights_page.py` from the roles and the endpoints; don't edit.
What they mean stands in [access.md](access.md). Nobody of a tenant can be given what is marked
"platform".
"""


def read_endpoints() -> tuple[Endpoint, ...]:
    """All endpoints of the management API. Nothing is opened."""

    async def build(folder: str) -> tuple[Endpoint, ...]:
        settings = Settings(store=StoreSection(data=folder))
        return manage_endpoints(Platform(settings))

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(build(folder))


def page(endpoints: Sequence[Endpoint]) -> str:
    """The whole page."""
    lines = [HEAD, "## Roles", ""]
    names = [role.value.replace("_", " ") for role in ROLE_RIGHTS]
    lines += [f"| right | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    for right in Right:
        marks = ["x" if right in rights else "" for rights in ROLE_RIGHTS.values()]
        also = " (platform)" if right in PLATFORM_RIGHTS else ""
        lines.append(f"| `{right}`{also} | {' | '.join(marks)} |")
    lines += ["", "## Endpoints", "", "| endpoint | right |", "| --- | --- |"]
    lines += [f"| `{one.method} {one.path}` | {_needed(one)} |" for one in endpoints]
    return "\n".join(lines) + "\n"


def _needed(endpoint: Endpoint) -> str:
    if endpoint.is_personal:
        return "people who are signed in"
    if endpoint.is_open:
        return "none"
    rights = [right for right in (endpoint.right, endpoint.or_right) if right is not None]
    return " or ".join(f"`{right}`" for right in rights) or "operators of the platform"


if __name__ == "__main__":
    sys.stdout.write(page(read_endpoints()))
