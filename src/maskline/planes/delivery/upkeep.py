"""What the delivery plane does beside pushing: it keeps troubles, and forgets the long dead."""

import asyncio
from datetime import timedelta
from functools import partial

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.domain.happening import HappeningKind
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.trouble import TroubleBoard
from maskline.services.clock import Clock
from maskline.services.store import DeliveryStore

SYNC_SHARE = 20
"""A look at the receivers in trouble is followed by a pause of at least this many times what it
took."""

FORGET_INTERVAL_S = 3_600.0
"""How often dead notices past their time are looked for."""

FORGOTTEN_AT_ONCE = 1_000
"""Dead notices that are forgotten in one unit of work."""

log = structlog.get_logger("delivery")


class Upkeep:
    """Runs beside the lanes until the plane closes; a store that fails is asked again."""

    def __init__(
        self,
        store: DeliveryStore,
        troubles: TroubleBoard,
        clock: Clock,
        settings: DeliverySettings,
        closing: asyncio.Event,
    ) -> None:
        self._store = store
        self._troubles = troubles
        self._clock = clock
        self._settings = settings
        self._closing = closing
        self._forget_at = clock.monotonic()

    async def begin(self) -> None:
        """Learn which receivers are in trouble before anything is pushed to them."""
        await self._sync()

    async def run(self) -> None:
        """Work until the plane closes."""
        while not self._closing.is_set():
            began = self._clock.monotonic()
            await self._sync()
            took_s = self._clock.monotonic() - began
            if began >= self._forget_at:
                self._forget_at = began + FORGET_INTERVAL_S
                await self._forget()
                await self._forget_delivered()
            await self._pause(max(self._settings.poll_interval_s, SYNC_SHARE * took_s))

    async def _sync(self) -> None:
        try:
            await self._troubles.sync()
        except (BusyError, PlatformError) as error:
            log.warning("receivers in trouble not kept", error=str(error))

    async def _forget(self) -> None:
        kept = self._settings.dead_retention
        if kept is None:
            return
        died_before = self._clock.now() - kept
        forgotten = 0
        try:
            while not self._closing.is_set():
                count = await self._store.remove_dead(died_before, FORGOTTEN_AT_ONCE)
                forgotten += count
                if count < FORGOTTEN_AT_ONCE:
                    break
        except (BusyError, PlatformError) as error:
            log.warning("dead notices not forgotten", error=str(error))
        if forgotten:
            log.info("dead notices forgotten", notices=forgotten, after_days=_days(kept))

    async def _forget_delivered(self) -> None:
        before = self._clock.now() - (self._settings.delivered_retention or timedelta())
        store, limit = self._store, FORGOTTEN_AT_ONCE
        try:
            for remove in (
                store.remove_delivered,
                partial(store.remove_happenings, HappeningKind.PUSH),
            ):
                gone = limit
                while gone == limit and not self._closing.is_set():
                    gone = await remove(before, limit)
        except (BusyError, PlatformError) as error:
            log.warning("delivered notices not forgotten", error=str(error))

    async def _pause(self, at_most_s: float) -> None:
        try:
            async with asyncio.timeout(at_most_s):
                await self._closing.wait()
        except TimeoutError:
            return


def _days(time: timedelta) -> float:
    return time / timedelta(days=1)
