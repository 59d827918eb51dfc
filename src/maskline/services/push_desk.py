"""Pushes as people look at them, and one that is made again by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from maskline.domain.application import Application
from maskline.domain.error import UnknownRecord
from maskline.domain.happening import Happening, HappeningKind
from maskline.domain.push import MadePush, Push, PushState
from maskline.services.clock import Clock
from maskline.services.happening_store import HappeningFilter
from maskline.services.notice_desk import TrialReport
from maskline.services.notification import receiver_url
from maskline.services.push_log import DELIVERED, PushLog, tries_of
from maskline.services.push_store import PushFilter
from maskline.services.store import Store

MAX_TRIES = 50
"""Tries of a push that are shown; the schedule has seven, the rest were made by hand."""

MAX_NOTICES = 50
"""Notices of one message."""


class Pusher(Protocol):
    """Makes one push now."""

    async def push(self, application: Application, url: str, pushes: Sequence[Push]) -> TrialReport:
        """Push what one message holds, under its id, with the secret of now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedPush:
    """A push and its tries that are kept, the first one first."""

    push: Push
    tries: tuple[MadePush, ...]


class PushDesk:
    """The verbs. `app_keys` are the applications of whoever asks, None for all."""

    def __init__(self, store: Store, pusher: Pusher, log: PushLog, clock: Clock) -> None:
        self._store = store
        self._pusher = pusher
        self._log = log
        self._clock = clock

    async def tried(self, pushes: Sequence[Push]) -> tuple[TriedPush, ...]:
        """Pushes with their tries."""
        noted = {one.push_id: await self._noted(one.push_id) for one in pushes}
        return tuple(TriedPush(push=one, tries=tries_of(one, noted[one.push_id])) for one in pushes)

    async def find(self, push_id: str, app_keys: Sequence[str] | None) -> tuple[TriedPush, ...]:
        """All that one message held. Raises UnknownRecord."""
        wanted = PushFilter(push_id=push_id, app_keys=app_keys)
        found = await self._store.pushes(wanted, MAX_NOTICES)
        if not found:
            raise UnknownRecord(f"there is no push {push_id}: it is older than pushes are kept")
        return await self.tried(found)

    async def resend(self, push_id: str, app_keys: Sequence[str] | None, by: str) -> TrialReport:
        """Push it once, now, to the address of now; a dead or waiting one is delivered by that.

        Raises UnknownRecord: no such push, or the application has no receiver for it any more.
        """
        pushes = [one.push for one in await self.find(push_id, app_keys)]
        notice = pushes[0].notice
        application = await self._store.application(notice.app_key)
        url = None if application is None else receiver_url(application, notice.purpose)
        if application is None or url is None:
            raise UnknownRecord(f"the application has no receiver for {notice.purpose} pushes")
        in_order = sorted(pushes, key=lambda push: push.sequence)
        report = await self._pusher.push(application, url, in_order)
        now = self._clock.now()
        if report.error is None:
            open_ones = [one.sequence for one in pushes if one.state is not PushState.DELIVERED]
            await self._store.deliver_by_hand(open_ones, now)
        self._log.made(
            MadePush(
                at=now,
                app_key=notice.app_key,
                purpose=notice.purpose.value,
                push_id=pushes[0].push_id,
                attempt=pushes[0].attempts + 1,
                notices=len(pushes),
                url=url,
                status=report.status,
                result=DELIVERED if report.error is None else "failed",
                error=report.error,
                took_s=report.took_s,
                by=by,
            )
        )
        return report

    async def _noted(self, push_id: str) -> tuple[Happening, ...]:
        wanted = HappeningFilter(kind=HappeningKind.PUSH, subject=push_id)
        return tuple(reversed(await self._store.happenings(wanted, MAX_TRIES)))
