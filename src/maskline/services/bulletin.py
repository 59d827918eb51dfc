"""Telling the other processes that share the store, and hearing from them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from maskline.domain.error import MasklineError
from maskline.services.bulletin_store import Bulletin, BulletinKind, BulletinStore
from maskline.services.clock import Clock

MAX_POSTS = 1_000
"""How many bulletins may be on their way into the store; more are not posted."""

PAGE = 500
"""Bulletins read at once."""

OVERLAP_S = 5.0
"""How long a unit of work may take from its place in the order until others see what it posted."""

log = structlog.get_logger("bulletins")


class BulletinBoard:
    """Posts bulletins of this process, `origin`; none where `has_readers` says nobody would read.

    Everybody applies a change at home by itself; the board is for the others.
    """

    def __init__(
        self, store: BulletinStore, clock: Clock, origin: str, *, has_readers: bool
    ) -> None:
        self.origin = origin
        self.has_readers = has_readers
        self._store = store
        self._clock = clock
        self._posts: set[asyncio.Task[None]] = set()

    async def post(self, kind: BulletinKind, subject: str) -> None:
        """Tell the others; done when all of them will see it. Raises StoreBusy, StoreFailed."""
        if not self.has_readers:
            return
        bulletin = Bulletin(
            kind=kind, subject=subject, origin=self.origin, posted_at=self._clock.now()
        )
        await self._store.post_bulletin(bulletin)

    def post_soon(self, kind: BulletinKind, subject: str = "") -> None:
        """Tell the others without waiting for it.

        For what they would find out by themselves a little later, or can do without.
        """
        if not self.has_readers:
            return
        if len(self._posts) >= MAX_POSTS:
            log.warning("bulletin not posted", kind=kind, reason="too many at once")
            return
        post = asyncio.get_running_loop().create_task(self._attempt(kind, subject))
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    async def close(self) -> None:
        """Wait for what is being posted; the store bounds that."""
        await asyncio.gather(*self._posts)

    async def _attempt(self, kind: BulletinKind, subject: str) -> None:
        try:
            await self.post(kind, subject)
        except MasklineError as error:
            log.warning("bulletin not posted", kind=kind, reason=type(error).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLimits:
    """How often the reader looks, and how far back."""

    interval_s: float = 0.25
    overlap_s: float = OVERLAP_S
    page: int = PAGE


class BulletinReader:
    """Hands every bulletin of the other processes to `apply` once, soon after it was posted.

    The first look takes all that are kept: an address that was locked out before this process
    began is then locked out here too, and what else they tell does no harm twice. A place in the
    order is done with when it has been known for `overlap_s`; until then all behind it are looked
    at again, for those whose unit of work took longer. `on_look` is called after each look that
    the store has answered.
    """

    def __init__(
        self,
        store: BulletinStore,
        clock: Clock,
        origin: str,
        apply: Callable[[Bulletin], None],
        limits: ReaderLimits | None = None,
        *,
        on_look: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._origin = origin
        self._apply = apply
        self._on_look = on_look
        self._limits = limits or ReaderLimits()
        self._done_until = 0
        self._seen_at: dict[int, float] = {}
        self._is_failing = False

    async def run(self) -> None:
        """Look until cancelled; a store that fails is asked again."""
        while True:
            try:
                await self.look()
                self._is_failing = False
            except MasklineError as error:
                # Told once: the store's own failure is seen by everything else as well.
                if not self._is_failing:
                    log.warning("bulletins not readable", reason=type(error).__name__)
                self._is_failing = True
            await asyncio.sleep(self._limits.interval_s)

    async def look(self) -> None:
        """Apply what was posted since the last look. Raises StoreBusy, StoreFailed."""
        now, after = self._clock.monotonic(), self._done_until
        while True:
            page = await self._store.bulletins_after(after, self._limits.page)
            for sequence, bulletin in page:
                if sequence not in self._seen_at:
                    self._seen_at[sequence] = now
                    self._take(bulletin)
            if len(page) < self._limits.page:
                break
            after = page[-1][0]
        self._let_go(now)
        if self._on_look is not None:
            self._on_look()

    def _take(self, bulletin: Bulletin) -> None:
        if bulletin.origin == self._origin:
            return
        try:
            self._apply(bulletin)
        except Exception:
            # One that cannot be applied must not hold up those behind it.
            log.exception("bulletin not applied", kind=bulletin.kind)

    def _let_go(self, now: float) -> None:
        for sequence in sorted(self._seen_at):
            if now - self._seen_at[sequence] < self._limits.overlap_s:
                return
            del self._seen_at[sequence]
            self._done_until = sequence
