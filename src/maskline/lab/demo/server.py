"""`maskline demo serve`, which is `make run`: the whole stage until it is told to stop."""

import asyncio
import os
import sys

import msgspec
import uvloop

from maskline.bootstrap.process import stop_on_signals
from maskline.domain.error import PlatformError
from maskline.lab.demo.certificate import write_whole
from maskline.lab.demo.stage import Stage
from maskline.lab.demo.text import STARTED, STOPPED, Language, choose_language
from maskline.settings import Settings

PROGRAM = ".venv/bin/maskline"


def serve(settings: Settings, lang: str | None = None) -> int:
    """Run the demo until SIGTERM or SIGINT; 0.

    Writes `demo.json` (`Stage.describe`) once every port answers and removes it at the end.
    Raises PortTaken, PlatformError, OSError. `lang` None goes by LANG: both languages are told
    unless it is `zh` or `en`.
    """
    uvloop.run(_serve(settings, _languages(lang)))
    return 0


async def _serve(settings: Settings, languages: list[Language]) -> None:
    stop = stop_on_signals()
    path = settings.store.demo_path
    # Of a run that was killed: nobody should take it for this one.
    path.unlink(missing_ok=True)
    stage = Stage(settings)
    await stage.start()
    try:
        described = stage.describe()
        write_whole(path, msgspec.json.format(msgspec.json.encode(described), indent=2))
        for language in languages:
            _say(
                STARTED[language].format(
                    console=described["console"],
                    api="  ".join(filter(None, (described["api"], described["api_tls"]))),
                    sip=described["sip"],
                    numbers=" ".join(stage.tenant.numbers),
                    path=path,
                    program=PROGRAM,
                )
            )
        failure = stage.platform.failure
        await asyncio.wait([stop, failure], return_when=asyncio.FIRST_COMPLETED)
    finally:
        path.unlink(missing_ok=True)
        await stage.close()
    if failure.done():
        failed = failure.result()
        raise PlatformError(f"the {failed.name} plane failed") from failed.error
    for language in languages:
        _say(STOPPED[language])


def _languages(lang: str | None) -> list[Language]:
    """Both on a machine that does not say which; Chinese first, for whom the demo is made."""
    wanted = lang or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    if wanted.lower().startswith(("zh", "en")):
        return [choose_language(wanted)]
    return [Language.CHINESE, Language.ENGLISH]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
