"""Writes the audit log: durable, in order, and no request waits for it for long."""

import asyncio
from collections import deque
from datetime import timedelta

import structlog

from maskline.domain.access import CallerKind
from maskline.domain.account import User
from maskline.domain.audit import NOBODY, AuditEvent
from maskline.domain.error import MasklineError, StoreBusy
from maskline.services.audit_store import AuditStore
from maskline.services.clock import Clock
from maskline.services.sign_in import Client

MAX_WAITING = 1_000
"""Events that are not durable yet; a change that would add another is refused before it is made."""

WAIT_S = 1.0
"""How long an answer waits for its event to be durable; the event is then written all the same."""

CLOSE_S = 5.0
RETRY_S = 1.0
BATCH = 100
MAX_FAILURES_AN_HOUR = 600
"""Failed sign-ins that become events; more are counted only."""

SIGN_INS = "/session"
SWEPT_AT_ONCE = 500

log = structlog.get_logger("audit")


class AuditLog:
    """Takes events; one task at a time writes what waits, first come first."""

    def __init__(self, store: AuditStore, clock: Clock, keep_days: int = 365) -> None:
        self._store = store
        self._clock = clock
        self._keep = timedelta(days=keep_days)
        self._waiting: deque[tuple[AuditEvent, asyncio.Event]] = deque()
        self._writing: asyncio.Task[None] | None = None

    def check_room(self) -> None:
        """Before a change is made. Raises StoreBusy."""
        if len(self._waiting) >= MAX_WAITING:
            raise StoreBusy("too many events of the audit log wait")

    async def append(self, event: AuditEvent) -> None:
        """Write an event of a change that was made; done when it is durable, or after `WAIT_S`."""
        written = self._take(event)
        try:
            async with asyncio.timeout(WAIT_S):
                await written.wait()
        except TimeoutError:
            log.warning("audit event waits", action=event.action, waiting=len(self._waiting))

    def append_soon(self, event: AuditEvent) -> None:
        """Write an event without waiting; it is left out when too many wait."""
        if len(self._waiting) < MAX_WAITING:
            self._take(event)

    async def sweep(self) -> int:
        """Forget a portion of what is past its time. Raises StoreBusy, StoreFailed."""
        before = self._clock.now() - self._keep
        return await self._store.remove_audit_events(before, SWEPT_AT_ONCE)

    async def close(self) -> None:
        """Write what waits, within `CLOSE_S`."""
        if self._writing is None:
            return
        await asyncio.wait([self._writing], timeout=CLOSE_S)
        self._writing.cancel()
        if self._waiting:
            log.error("audit events lost", events=len(self._waiting))

    def _take(self, event: AuditEvent) -> asyncio.Event:
        written = asyncio.Event()
        self._waiting.append((event, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())
        return written

    async def _write(self) -> None:
        while self._waiting:
            batch = [self._waiting[place] for place in range(min(BATCH, len(self._waiting)))]
            try:
                await self._store.add_audit_events([event for event, _ in batch])
            except MasklineError as error:
                log.warning("audit events not written yet", reason=type(error).__name__)
                await asyncio.sleep(RETRY_S)
                continue
            for _, written in batch:
                self._waiting.popleft()
                written.set()


class SignInAudit:
    """`maskline.services.sign_in.SignInWatch`: sign-ins as events. `failures` counts the failed."""

    def __init__(self, audit: AuditLog, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock
        self._hour_began_s = 0.0
        self._in_hour = 0
        self.failures = 0

    def signed_in(self, user: User, client: Client, action: str) -> None:
        """Somebody has signed in."""
        self._audit.append_soon(self._event(user, client, action))

    def failed(self, user: User | None, client: Client, reason: str) -> None:
        """Somebody has not. A login that nobody has is not kept: it may be a password."""
        self.failures += 1
        now_s = self._clock.monotonic()
        if now_s - self._hour_began_s >= 3600:
            self._hour_began_s, self._in_hour = now_s, 0
        self._in_hour += 1
        if self._in_hour <= MAX_FAILURES_AN_HOUR:
            self._audit.append_soon(self._event(user, client, "sign_in_failed", reason))

    def _event(
        self, user: User | None, client: Client, action: str, reason: str = ""
    ) -> AuditEvent:
        return AuditEvent(
            at=self._clock.now(),
            kind=NOBODY if user is None else CallerKind.USER,
            name="" if user is None else user.login,
            user_id=None if user is None else user.user_id,
            address=client.address,
            action=action,
            method="POST",
            target=SIGN_INS,
            tenant_id=None if user is None else user.tenant_id,
            after=f'{{"reason":"{reason}"}}'.encode() if reason else b"",
        )
