"""`maskline lab centre`: a message centre by itself, until it is told to stop."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

from maskline.bootstrap.process import stop_on_signals
from maskline.lab.message_centre import CentreBehaviour, MessageCentre
from maskline.lab.message_door import MessageDoor

HOST = "127.0.0.1"


def serve_centre(
    behaviour: Mapping[str, Any],
    port: int,
    door_port: int,
    tell: Callable[[dict[str, str]], None],
) -> None:
    """Run until SIGTERM or SIGINT; `tell` gets the addresses once both answer.

    `behaviour` has fields of `CentreBehaviour`. Raises OSError.
    """
    asyncio.run(_serve(CentreBehaviour(**behaviour), port, door_port, tell))


async def _serve(
    behaviour: CentreBehaviour,
    port: int,
    door_port: int,
    tell: Callable[[dict[str, str]], None],
) -> None:
    stop = stop_on_signals()
    centre = MessageCentre(random.random)
    centre.behaviour = behaviour
    door = MessageDoor(centre)
    try:
        await centre.start(HOST, port)
        await door.start(HOST, door_port)
        host, taken = centre.address
        tell({"smpp": f"{host}:{taken}", "messages": door.url})
        await stop
    finally:
        await door.close()
        await centre.close()
