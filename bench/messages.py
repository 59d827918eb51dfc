"""Short messages per second on one core, end to end.

A message centre in a process of its own, on another core, sends messages to many X of AXB. Each is
routed, made durable in SQLite, answered, handed back to the centre for the other party, and its end
made durable with the notification of the customer; then its receipt comes. Printed are messages a
second, CPU a message of the plane's process, and what was lost or not the same octet by octet.

    python bench/messages.py [--messages 20000] [--pairs 2000] [--windows 32 200]
"""

import argparse
import asyncio
import gc
import multiprocessing
import os
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop
from _machine import pin
from _message_centre import Ask, Seen, Wanted, serve, text_of

from maskline.bootstrap.messages import MessageServices, open_messages
from maskline.bootstrap.process import YOUNG_OBJECTS
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.sms_link import SmsLink
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.store import BindLimits
from maskline.settings import Settings
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

WARM_UP = 2_000
NOW = datetime.now(UTC)


def pair(number: int) -> tuple[str, str, str]:
    """A, B and X of a binding."""
    return f"+8613900{number:06}", f"+8613700{number:06}", f"+8617000{number:06}"


async def fill(store: SqliteStore, pairs: int) -> None:
    """A customer who is told of messages, and its bindings."""
    await store.add_tenant(Tenant(tenant_id="t", name="t", created_at=NOW))
    application = Application(
        app_key="app",
        tenant_id="t",
        name="app",
        mode=Mode.AXB,
        secret="s3cret",
        sms_url="http://127.0.0.1:9/sms",
        may_message=True,
        created_at=NOW,
    )
    await store.add_application(application)
    numbers = [
        VirtualNumber(number=pair(n)[2], app_key="app", area_code="0755", created_at=NOW)
        for n in range(pairs)
    ]
    await store.add_numbers(numbers)
    for number in range(pairs):
        a, b, x = pair(number)
        binding = AxbBinding(
            binding_id=f"b{number}", app_key="app", x=x, a=a, b=b, created_at=NOW, modified_at=NOW
        )
        await store.bind(binding, BindLimits(pairs=100), NOW, None)


def wanted(count: int, pairs: int) -> Wanted:
    senders, xs = [], []
    for number in range(pairs):
        a, _, x = pair(number)
        senders.append(a)
        xs.append(x)
    return Wanted(count, senders, xs)


def compare(seen: Seen, count: int, pairs: int) -> tuple[int, int, int]:
    """How many were lost, came twice, and are none of those that were sent."""
    expected = set()
    for number in range(count):
        _, b, x = pair(number % pairs)
        expected.add((x, b, text_of(number)[0]))
    lost = len(expected - seen.submits.keys())
    strange = len(seen.submits.keys() - expected)
    return lost, seen.submits.total() - len(seen.submits), strange


async def measure(arguments: argparse.Namespace, port: int, pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    for window in arguments.windows:
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            store = SqliteStore(Path(folder) / "bench.db", FixedKeys())
            await store.open()
            stack.push_async_callback(store.close)
            await fill(store, arguments.pairs)
            link = SmsLink(
                name="bench", host="127.0.0.1", port=port, system_id="maskline", window=window
            )
            await store.save_sms_link(link)
            clock = SystemClock()
            services = MessageServices(
                store, Directory(store, clock), clock, SystemIds(), lambda: None
            )
            plane = await open_messages(Settings(), services, "bench", stack)
            running = loop.create_task(plane.run())
            await ask(pipe, WARM_UP, arguments.pairs)
            # As a server process does it.
            gc.collect()
            gc.freeze()
            gc.set_threshold(YOUNG_OBJECTS, 100, 100)
            began, cpu, loop_cpu = time.perf_counter(), time.process_time(), time.thread_time()
            seen = await ask(pipe, arguments.messages, arguments.pairs)
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
            loop_cpu = time.thread_time() - loop_cpu
            report(window, arguments, seen, took, cpu)
            waiting, _ = await store.outbox_depth()
            told = WARM_UP + arguments.messages - waiting
            print(
                f"{'':12} of this {loop_cpu / arguments.messages * 1e6:.0f} us in the event loop   "
                f"notices not queued {told}   done {plane.desk.counters.done.total()}"
            )
            await plane.close()
            await running


async def ask(pipe: Connection, count: int, pairs: int) -> Seen:
    """Have the centre send so many messages, and wait for the end."""
    pipe.send(wanted(count, pairs))
    seen: Seen = await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    return seen


def report(window: int, arguments: argparse.Namespace, seen: Seen, took: float, cpu: float) -> None:
    count = arguments.messages
    lost, twice, strange = compare(seen, count, arguments.pairs)
    print(
        f"window {window:5} {count / took:7.0f} messages/s {cpu / count * 1e6:6.0f} us CPU each "
        f"{cpu / took:5.2f} cores   lost {lost}  twice {twice}  other text {strange}  "
        f"sent again by the centre {seen.again}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="short messages per second, end to end")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=2_000)
    parser.add_argument("--windows", type=int, nargs="+", default=[32, 200])
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(theirs, cores[-1]), daemon=True
    )
    process.start()
    port = ours.recv()
    pin(cores[0])
    uvloop.run(measure(arguments, port, ours))
    ours.send(Ask.END)
    process.join(timeout=5)


if __name__ == "__main__":
    main()
