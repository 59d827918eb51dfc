"""Writes until it is killed and tells on its output what was acknowledged.

python writing_child.py DATABASE SESSIONS_FROM
"""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from tests.contract.store.making import Make

from maskline.services.store import BindLimits
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

IN_FLIGHT = 16


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


async def bind_and_call(store: SqliteStore, make: Make, name: str, first: int) -> None:
    for index in range(first, first + 100_000, IN_FLIGHT):
        a, b = f"+86139{index:08}", f"+86138{index:08}"
        binding = replace(make.binding(a, b), binding_id=f"{name}-{index}")
        await store.bind(binding, BindLimits(pairs=10**9), make.now, None)
        say("bound", binding.binding_id, a, b)
        call = make.call(f"{name}-{index}")
        notices = [make.notice(call.session_id) for _ in range(3)]
        await store.save_call(call, notices[:1])
        say("saved", call.session_id)
        await store.finish_call(make.record(call), notices[1:])
        say("finished", call.session_id)
        if index % 3 == 0:
            say("unbinding", binding.binding_id)
            await store.unbind(make.app_key, binding.binding_id, make.now)
            say("unbound", binding.binding_id)


async def main(path: Path, name: str) -> None:
    store = SqliteStore(path, FixedKeys())
    await store.open()
    base = int(name) * 1_000_000
    await asyncio.gather(
        *(bind_and_call(store, Make(), name, base + lane) for lane in range(IN_FLIGHT))
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
