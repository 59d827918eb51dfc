"""What a bind and a route cost on one virtual number that is empty, half full, and nearly full.

    python bench/extensions.py [folder]

Prints, for AXE (extensions of four digits) and for AXB, the CPU time and the time of a bind with
its unbind, and of a route, beside their ratio to those on the empty number, all in one run.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding, AxeBinding, Binding
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.store import BindLimits
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
X_OF_AXE, X_OF_AXB = "+8617000000001", "+8617000000002"
LIMITS = {
    Mode.AXE: BindLimits(pairs=9_999, extension_digits=4),
    Mode.AXB: BindLimits(pairs=10_001),
}
LEVELS = {Mode.AXE: (0, 5_000, 9_998), Mode.AXB: (0, 5_000, 10_000)}
ROUNDS, TIMES = 7, 100
IN_FLIGHT = 64


async def fill(store: SqliteStore) -> None:
    await store.add_tenant(Tenant(tenant_id="t", name="bench", created_at=NOW))
    for mode, x in ((Mode.AXE, X_OF_AXE), (Mode.AXB, X_OF_AXB)):
        await store.add_application(
            Application(
                app_key=mode.value,
                tenant_id="t",
                name="bench",
                mode=mode,
                secret="s",
                created_at=NOW,
            )
        )
        number = VirtualNumber(number=x, app_key=mode.value, area_code="0755", created_at=NOW)
        await store.add_numbers([number])


def binding(mode: Mode, index: int) -> Binding:
    a = f"+86139{index:08}"
    binding_id = f"{mode.value}-{index}"
    if mode is Mode.AXE:
        return AxeBinding(
            binding_id=binding_id, app_key="axe", x=X_OF_AXE, a=a, created_at=NOW, modified_at=NOW
        )
    return AxbBinding(
        binding_id=binding_id,
        app_key="axb",
        x=X_OF_AXB,
        a=a,
        b=f"+86138{index:08}",
        created_at=NOW,
        modified_at=NOW,
    )


async def raise_to(store: SqliteStore, mode: Mode, begin: int, end: int) -> None:
    indexes = iter(range(begin, end))

    async def worker() -> None:
        for index in indexes:
            await store.bind(binding(mode, index), LIMITS[mode], NOW, None)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


async def cost(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Microseconds of CPU, and of time, that one takes: the middle of several rounds."""
    cpus: list[float] = []
    times: list[float] = []
    for _ in range(ROUNDS):
        cpu, began = time.process_time(), time.perf_counter()
        for _ in range(TIMES):
            await work()
        cpus.append((time.process_time() - cpu) / TIMES * 1e6)
        times.append((time.perf_counter() - began) / TIMES * 1e6)
    return statistics.median(cpus), statistics.median(times)


async def bench(store: SqliteStore, mode: Mode) -> None:
    level, first = 0, {}
    for wanted in LEVELS[mode]:
        await raise_to(store, mode, level, wanted)
        level = wanted
        newcomer = binding(mode, 99_999_999)

        async def bind_and_unbind(newcomer: Binding = newcomer) -> None:
            await store.bind(newcomer, LIMITS[mode], NOW, None)
            await store.unbind(mode.value, newcomer.binding_id, NOW)

        async def route(caller: str = newcomer.a, x: str = newcomer.x) -> None:
            await store.route(x, caller)

        async def route_extension(x: str = newcomer.x) -> None:
            await store.route_extension(x, "0042")

        works = {"bind and unbind": bind_and_unbind, "route of a caller": route}
        if mode is Mode.AXE:
            works["route of an extension"] = route_extension
        for what, work in works.items():
            cpu, took = await cost(work)
            first.setdefault(what, (cpu, took))
            cpu_ratio, time_ratio = cpu / first[what][0], took / first[what][1]
            print(
                f"{mode.value} {what:<22} at {level:6} bindings "
                f"{cpu:7.0f} us CPU ({cpu_ratio:4.2f})  {took:7.0f} us ({time_ratio:4.2f})",
                flush=True,
            )


async def main(folder: Path) -> None:
    store = SqliteStore(folder / "bench.db", FixedKeys())
    await store.open()
    await fill(store)
    for mode in (Mode.AXE, Mode.AXB):
        await bench(store, mode)
    full = await store.bind(replace(binding(Mode.AXE, 9_998)), LIMITS[Mode.AXE], NOW, None)
    print(f"the last extension was {full.extension}")  # type: ignore[attr-defined]
    await store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as made:
        uvloop.run(main(Path(made)))
