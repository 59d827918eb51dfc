"""Two tenants that have one of everything, and the management API of a process over both."""

import asyncio
import wave
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.contract.store.making import Make
from tests.unit.manage.operating import Answer, CallerDoor, Operator

from maskline.bootstrap.manage import manage_endpoints
from maskline.bootstrap.platform import Platform
from maskline.domain.message import BlockKind, MessageBlock
from maskline.domain.recording import RecordingState
from maskline.domain.trace import Trace, TraceStep
from maskline.manage.app import create_manage
from maskline.manage.endpoint import Endpoint
from maskline.manage.guard import REGISTRANT, Guard
from maskline.manage.reach import Reach
from maskline.services.number_token import NumberTokens
from maskline.services.store import BindLimits
from maskline.settings import Settings, StoreSection
from maskline.stores.memory import MemoryStore

UNIQUE = (
    "app_key",
    "binding_id",
    "session_id",
    "message_id",
    "notice_id",
    "object_name",
    "token_id",
    "number",
)


@dataclass(frozen=True)
class Own:
    """What one tenant has, by the names that paths give it, and what must never be seen of it."""

    ids: dict[str, str]
    parties: tuple[str, ...]

    @property
    def clear(self) -> tuple[bytes, ...]:
        """The digits by which a party would be known, in any form."""
        return tuple(number.removeprefix("+86").encode() for number in self.parties)

    @property
    def names(self) -> tuple[bytes, ...]:
        """What only an object of this tenant says."""
        return tuple(self.ids[name].encode() for name in UNIQUE)


@dataclass
class World:
    """Both tenants, and who asks."""

    store: MemoryStore
    operator: Operator
    endpoints: tuple[Endpoint, ...]
    tokens: NumberTokens
    left: Own
    right: Own

    def state(self) -> str:
        """All that is stored, to see whether something changed."""
        return repr(self.store._tables)

    async def ask(
        self, endpoint: Endpoint, ids: dict[str, str], body: Any, token: str, query: str = ""
    ) -> Answer:
        """Ask an endpoint about what the path names."""
        path = endpoint.path
        if path.startswith(REGISTRANT):
            mark = self.operator.door.callers[token].mark
            ids = {**ids, "number": self.tokens.seal(ids["person"], mark).text}
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        has_body = endpoint.body is not None
        return await self.operator.ask(
            endpoint.method,
            f"/manage/v1{path}{query}",
            body if has_body else None,
            token=token,
        )


async def make_world(folder: Path) -> World:
    """A process that was not started: nothing listens, nothing is pushed."""
    store = MemoryStore()
    await store.open()
    platform = Platform(Settings(store=StoreSection(data=str(folder))), store=store)
    door = CallerDoor()
    endpoints, tokens = manage_endpoints(platform), platform.number_tokens
    app = create_manage(
        door=door,
        endpoints=endpoints,
        watched=(),
        version="1",
        look=Guard(Reach(store), tokens).admit,
    )
    operator = Operator(app, store, None, platform.clock, {}, door=door)  # type: ignore[arg-type]
    owns = [await _fill(store, name, place) for place, name in enumerate(("left", "right"))]
    return World(store, operator, endpoints, tokens, *owns)


def wav_of(level: int) -> bytes:
    """A tenth of a second of silence, a little different at each level."""
    file = BytesIO()
    with wave.open(file, "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(2)
        writing.setframerate(8_000)
        writing.writeframes(bytes((level, 0)) * 800)
    return file.getvalue()


async def _fill(store: MemoryStore, name: str, place: int) -> Own:
    make = Make()
    make.tenant_id, make.app_key, make.x = name, f"app-of-{name}", f"+861701000000{place}"
    a, b, person = (f"+86139{one}{place}00{one}00{one}" for one in (1, 2, 3))
    await store.add_tenant(make.tenant(name))
    await store.add_application(make.application(make.app_key, status_url="https://shop.example/s"))
    await store.add_numbers([make.number(make.x)])
    gone = make.binding(b, person, binding_id=f"gone-of-{name}", x=make.x)
    await store.bind(gone, BindLimits(pairs=9), make.now, None)
    await store.unbind(make.app_key, gone.binding_id, make.now)
    binding = make.binding(a, b, binding_id=f"binding-of-{name}", x=make.x, user_data="order")
    await store.bind(binding, BindLimits(pairs=9), make.now, None)
    call = make.call(f"session-of-{name}", caller=a, callee=b, x=make.x)
    ended = make.call(f"ended-of-{name}", caller=a, callee=b, x=make.x)
    body = f'{{"caller":"{a}","callee":"{b}","userData":"order"}}'.encode()
    notice = make.notice(call.session_id, notice_id=f"notice-of-{name}", body=body)
    message = make.message(f"message-of-{name}", sender=a, receiver=b, x=make.x, text=f"call {b}")
    recording = make.recording(
        f"recording-of-{name}.wav", state=RecordingState.KEPT, session_id=ended.session_id
    )
    waits = [
        store.save_call(call, [notice]),
        store.finish_call(make.record(ended), []),
        store.save_recording(recording),
    ]
    await asyncio.gather(*waits)
    await store.accept_message(message, [], lease=None, repeats_since=make.now)
    block = MessageBlock(
        kind=BlockKind.BLOCKED, app_key=make.app_key, number=person, created_at=make.now
    )
    await store.save_block(block)
    sound = wav_of(place)
    await store.save_prompt(make.prompt("wait.wav", sound, app_key=make.app_key), sound)
    await store.save_registrants([make.registrant(person)], 9)
    token = make.tenant_token(token_id=f"token-of-{name}", digest=name.encode())
    await store.add_tenant_token(token, make.now, 9)
    steps = (TraceStep(0.0, "A>X", "INVITE"),)
    trace = Trace(session_id=call.session_id, app_key=make.app_key, began_at=make.now, steps=steps)
    await store.save_traces([trace])
    ids = {
        "tenant_id": name,
        "app_key": make.app_key,
        "binding_id": binding.binding_id,
        "session_id": call.session_id,
        "message_id": message.message_id,
        "notice_id": notice.notice_id,
        "object_name": recording.object_name,
        "token_id": token.token_id,
        "number": make.x,
        "person": person,
        "name": "wait.wav",
        "purpose": "status",
        "address": "192.0.2.1",
    }
    return Own(ids, (a, b, person))
