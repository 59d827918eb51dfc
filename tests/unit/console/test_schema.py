import asyncio
import hashlib
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_console_is_typed_by_the_interface_that_there_is():
    document = asyncio.run(runpy.run_path(str(ROOT / "tools" / "openapi.py"))["document"]())
    mark = hashlib.sha256(document).hexdigest()
    head = (ROOT / "console" / "src" / "api" / "schema.d.ts").read_text()[:400]
    assert f"sha256 {mark}" in head, "run `npm run api` in console/"
