"""A process with something of everything counted, to be read without running one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from maskline.domain.message import SendResult
from maskline.domain.notice import Notice, Purpose
from maskline.domain.trunk import Trunk
from maskline.monitoring.exposition import Exposition, Sources
from maskline.planes.call.counter import CallCounters
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.delivery.counter import DeliveryCounters
from maskline.planes.media.engine import ClosedMedia, MediaStats
from maskline.planes.media.silent import SilentEngine
from maskline.planes.sms.counter import SmsCounters
from maskline.protocols.sip.stack import Counters
from maskline.services.call_line import JournalCounters
from maskline.services.clock import SteppedClock
from maskline.services.measure import StoreCounters
from maskline.services.message_work import MessageCounters
from maskline.services.sms_link_state import LinkCondition, SmsLinkState
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@dataclass
class Plane:
    counters: CallCounters = field(default_factory=CallCounters)
    live_calls: int = 3


@dataclass
class Backlog:
    counters: JournalCounters = field(default_factory=lambda: JournalCounters(kept=3))
    waiting_calls: int = 2


@dataclass
class Links:
    states: tuple[SmsLinkState, ...] = (
        SmsLinkState(name="centre", condition=LinkCondition.BOUND, waiting=2, in_flight=1),
        SmsLinkState(name="other", condition=LinkCondition.DOWN, reason="refused"),
    )


@dataclass
class Work:
    counters: MessageCounters = field(default_factory=MessageCounters)


@dataclass
class Messages:
    counters: SmsCounters = field(default_factory=SmsCounters)
    desk: Work = field(default_factory=Work)
    board: Links = field(default_factory=Links)


@dataclass
class Watched:
    store: MemoryStore
    clock: SteppedClock
    sources: Sources
    exposition: Exposition

    async def lines(self) -> list[str]:
        return (await self.exposition.page()).decode().splitlines()

    async def value(self, series: str) -> float:
        found = [line for line in await self.lines() if line.startswith(series + " ")]
        assert len(found) == 1, series
        return float(found[0].rpartition(" ")[2])


async def watch() -> Watched:
    clock, store = SteppedClock(NOW), MemoryStore()
    board = TrunkBoard(CallLimits(), clock.monotonic, lambda: 0.5)
    await board.refresh((Trunk(name="carrier", host="192.0.2.10"),))
    sources = Sources(
        version="1.2.3",
        clock=clock,
        checks=lambda: {"call": True},
        outbox=store,
        store=StoreCounters(),
        calls=Plane(),
        board=board,
        sip=Counters(messages_in=7),
        media=SilentEngine(),
        delivery=DeliveryCounters(delivered=5),
        journal=Backlog(),
        messages=Messages(),
    )
    return Watched(store, clock, sources, Exposition(sources))


def count_some(watched: Watched) -> None:
    """One of everything that is labelled: a family without a value shows no name."""
    sources = watched.sources
    calls = sources.calls.counters
    calls.ended["axb", 8014] += 2
    calls.answered["axb"] += 1
    calls.routed.add(0.002)
    calls.set_up.add(0.3)
    calls.closed(ClosedMedia(MediaStats(received_packets=50, lost=2), MediaStats(lost=-1)))
    sources.http.requests["rest", 200] += 1
    sources.http.results["bindAxb", "0"] += 1
    sources.http.took.add("bindAxb", 0.004)
    sources.store.units.add("call.finish", 0.000_2)
    sources.delivery.results["status", "5xx"] += 1
    sources.delivery.took.add("status", 0.02)
    messages = sources.messages
    messages.counters.came["taken"] += 1
    messages.counters.parts["taken"] += 3
    messages.counters.receipts["delivered"] += 2
    messages.counters.submitted.add(0.02)
    messages.desk.counters.done[SendResult.SUCCESS] += 1


def notice() -> Notice:
    return Notice(
        notice_id="n", stream="s", app_key="k", purpose=Purpose.STATUS, origin="http://a",
        body=b"{}", created_at=NOW,
    )  # fmt: skip
