"""A server process: from its start to the signal that ends it."""

import asyncio
import gc
import os
import signal
import sys

import structlog
import uvloop

from maskline.bootstrap.lifeline import Lifeline
from maskline.bootstrap.platform import ALL_PLANES, Plane, Platform
from maskline.domain.error import PlatformError
from maskline.settings import Settings

YOUNG_OBJECTS = 20_000
"""Allocations, net of what was freed, between two runs of the garbage collector."""

END_SIGNALS = (signal.SIGTERM, signal.SIGINT)

SETUP = """
Nobody can sign in yet. To make the first operator, open this link, which is good once:
  {url}

"""

log = structlog.get_logger("platform")


def serve(settings: Settings, planes: frozenset[str], *, is_supervised: bool = False) -> None:
    """Run until SIGTERM or SIGINT, or until a plane fails.

    With `is_supervised` standard input and output belong to the supervisor: the end of the one ends
    this process, the other is told when it serves. Raises OSError for a taken port, PlatformError
    when the store, the key or a plane fails.
    """
    lifeline = Lifeline() if is_supervised else None
    uvloop.run(_serve(settings, frozenset(Plane(name) for name in planes), lifeline))


def _calm_collector() -> None:
    """Keep the garbage collector from stopping every call for a quarter of a second.

    What stands after the start stays for good and need not be looked at again. What calls leave
    is freed by counting references; a full run over all live calls finds next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 100, 100)


async def _serve(settings: Settings, planes: frozenset[Plane], lifeline: Lifeline | None) -> None:
    platform = Platform(settings, planes)
    stop = stop_on_signals()
    if lifeline is not None:
        lifeline.watch(lambda: _stop_alone(stop))
    await platform.start()
    try:
        await _tell_started(platform, planes, lifeline)
        await asyncio.wait([stop, platform.failure], return_when=asyncio.FIRST_COMPLETED)
    finally:
        await platform.close()
    if platform.failure.done():
        failed = platform.failure.result()
        raise PlatformError(f"the {failed.name} plane failed") from failed.error
    log.info("platform stopped")


async def _tell_started(
    platform: Platform, planes: frozenset[Plane], lifeline: Lifeline | None
) -> None:
    _calm_collector()
    if lifeline is not None:
        lifeline.tell_ready()
    if not platform.store.is_shared and planes != ALL_PLANES:
        log.warning(
            "nothing runs the other parts: an SQLite file is for one process",
            not_running=sorted(ALL_PLANES - planes),
        )
    if Plane.MANAGE in planes:
        await _tell_setup(platform)
    log.info("platform started", planes=sorted(planes), http=platform.settings.http.port)


async def _tell_setup(platform: Platform) -> None:
    """Where nobody can sign in yet, say how the first operator does; not in the log on stderr."""
    url = await platform.accounts.setup_url()
    if url is not None:
        sys.stdout.write(SETUP.format(url=url))
        sys.stdout.flush()


def _stop_alone(stop: asyncio.Future[None]) -> None:
    """The supervisor is gone: stop as it would have asked us to, or, if it had, at once."""
    log.warning("supervisor is gone")
    if stop.done():
        os._exit(1)
    stop.set_result(None)


def stop_on_signals() -> asyncio.Future[None]:
    """A future that is done at the first SIGTERM or SIGINT; another ends the process at once."""
    loop = asyncio.get_running_loop()
    stop: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        for number in END_SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        if not stop.done():
            stop.set_result(None)

    for number in END_SIGNALS:
        loop.add_signal_handler(number, end)
    return stop
