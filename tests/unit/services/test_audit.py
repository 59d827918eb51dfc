"""How the audit log is written when the store is slow, and how much it takes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from maskline.domain.access import CallerKind
from maskline.domain.audit import AuditEvent, AuditFilter
from maskline.domain.error import StoreBusy, StoreFailed
from maskline.services import audit
from maskline.services.audit import AuditLog, SignInAudit
from maskline.services.clock import SteppedClock
from maskline.services.sign_in import Client
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, tzinfo=UTC)


class FailingStore(MemoryStore):
    """Fails so many times, then works."""

    refusing = 0

    async def add_audit_events(self, events: Sequence[AuditEvent]) -> None:
        if self.refusing:
            self.refusing -= 1
            raise StoreFailed("the disk is full")
        await super().add_audit_events(events)


def _event(action: str) -> AuditEvent:
    return AuditEvent(at=NOW, kind=CallerKind.USER, name="owner", action=action)


async def _kept(store: MemoryStore) -> list[str]:
    found = await store.audit_events(AuditFilter(), None, 10_000)
    return [one.event.action for one in reversed(found)]


async def test_what_a_failing_store_refuses_is_written_later_in_order(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(audit, "RETRY_S", 0.01)
    store = FailingStore()
    store.refusing = 2
    log = AuditLog(store, SteppedClock(NOW))
    await asyncio.gather(*(log.append(_event(action)) for action in ("one", "two", "three")))
    assert await _kept(store) == ["one", "two", "three"]
    await log.close()


async def test_an_answer_waits_for_a_bounded_time_and_a_full_log_refuses_changes(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(audit, "WAIT_S", 0.01)
    monkeypatch.setattr(audit, "CLOSE_S", 0.01)
    monkeypatch.setattr(audit, "MAX_WAITING", 2)
    store = FailingStore()
    store.refusing = 1_000
    log = AuditLog(store, SteppedClock(NOW))
    await log.append(_event("one"))
    log.check_room()
    await log.append(_event("two"))
    with pytest.raises(StoreBusy):
        log.check_room()
    log.append_soon(_event("left out"))
    await log.close()
    assert await _kept(store) == []


async def test_failed_sign_ins_beyond_so_many_an_hour_are_only_counted(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(audit, "MAX_FAILURES_AN_HOUR", 2)
    store, clock = MemoryStore(), SteppedClock(NOW)
    log = AuditLog(store, clock)
    watch = SignInAudit(log, clock)
    for _ in range(5):
        watch.failed(None, Client(address="192.0.2.1"), "password")
    clock.step(3600)
    watch.failed(None, Client(address="192.0.2.1"), "password")
    await log.append(_event("last"))
    assert (await _kept(store)).count("sign_in_failed") == 3
    assert watch.failures == 6


async def test_events_past_their_time_are_swept():
    store, clock = MemoryStore(), SteppedClock(NOW)
    log = AuditLog(store, clock, keep_days=1)
    await log.append(_event("old"))
    clock.step(86_400)
    assert await log.sweep() == 0
    clock.step(1)
    assert await log.sweep() == 1
