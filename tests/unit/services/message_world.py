"""A desk of short messages over a memory store, with a customer who answers as the test says."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from maskline.api.message_notification import CompatibleMessageFormat
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding, AxBinding, Binding
from maskline.domain.message import Message, MessagePart, PartState
from maskline.domain.message_rule import MessageRules
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import CountedIds
from maskline.services.message_rate import MessageRates
from maskline.services.message_work import CameMessage, MessageLimits
from maskline.services.messages import MessageDesk
from maskline.services.store import BindLimits
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002001"
CONTROL_URL = "http://customer.example/control"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
APPLICATION = Application(
    app_key="k",
    tenant_id="t",
    name="n",
    mode=Mode.AXB,
    secret="s",
    may_message=True,
    sms_url="https://customer.example/sms",
    sms_control_url=CONTROL_URL,
    messages=MessageRules(),
    created_at=NOW,
)
NUMBER = VirtualNumber(number=X, app_key="k", area_code="0755", created_at=NOW)
LIMITS = MessageLimits(
    decision_s=0.5, decision_pause_s=0, write_tries=4, write_pause_s=0, write_pause_max_s=0
)


@dataclass
class ScriptedCustomer:
    """Gives the answers in turn, the last one again: raises them, or sends them as JSON."""

    answers: list[Any] = field(default_factory=lambda: [b""])
    asked: list[dict[str, Any]] = field(default_factory=list)
    urls: list[str | None] = field(default_factory=list)

    def routes(self, called: str | None = None, **action: Any) -> None:
        message = {} if called is None else {"message": {"called": called}}
        self.answers = [{"actions": [{"operation": "vNumberRoute", **message, **action}]}]

    def discards(self) -> None:
        self.answers = [{"actions": [{"operation": "DiscardMessage"}]}]

    async def ask(self, application: Application, url: str | None, question: bytes) -> bytes:
        self.asked.append(json.loads(question)["smsEvent"])
        self.urls.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return await answer()
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


class MessageWorld:
    """One application with its X, the binding of its mode, and the desk of one worker."""

    def __init__(self, mode: Mode = Mode.AXB, **rules: Any) -> None:
        self.store = MemoryStore()
        self.clock = SteppedClock(NOW)
        self.customer = ScriptedCustomer()
        self.hints = 0
        self.counted: list[Message] = []
        self.application = replace(APPLICATION, mode=mode, messages=MessageRules(**rules))
        self.directory = Directory(self.store, self.clock)
        self.rates = MessageRates(self.clock)
        self.desk = self.worker("w1")
        self._came = 0

    def worker(self, host: str, limits: MessageLimits = LIMITS) -> MessageDesk:
        """The desk of another worker, or of one that was started anew."""
        return MessageDesk(
            self.store,
            self.directory,
            self.clock,
            CountedIds(),
            self.customer,
            CompatibleMessageFormat(),
            self.rates,
            self._hinted,
            host,
            limits,
            self.counted.append,
        )

    async def open(self) -> "MessageWorld":
        await self.store.add_tenant(TENANT)
        await self.store.add_application(self.application)
        await self.store.add_numbers([NUMBER])
        bindings: dict[Mode, Binding] = {Mode.AX: self.binding_ax(), Mode.AXB: self.binding_axb()}
        binding = bindings.get(self.application.mode)
        if binding is not None:
            await self.store.bind(binding, BindLimits(pairs=9), NOW, None)
        return self

    def binding_ax(self) -> AxBinding:
        return AxBinding(
            binding_id="b1", app_key="k", x=X, a=A, user_data="order", created_at=NOW,
            modified_at=NOW,
        )  # fmt: skip

    def binding_axb(self) -> AxbBinding:
        return AxbBinding(
            binding_id="b1", app_key="k", x=X, a=A, b=B, user_data="order", created_at=NOW,
            modified_at=NOW,
        )  # fmt: skip

    async def change(self, **changes: Any) -> None:
        """Change the application."""
        self.application = replace(self.application, **changes)
        await self.store.save_application(self.application)
        self.directory.forget_application("k")

    async def change_tenant(self, **changes: Any) -> None:
        await self.store.save_tenant(replace(TENANT, **changes))
        self.directory.forget_tenant("t")

    def came(self, text: str = "hello", sender: str = A, **changes: Any) -> CameMessage:
        """What a message centre sends; each is another message."""
        self._came += 1
        fields = {"digest": b"%d" % self._came, "connection": "c1", "x": X} | changes
        return CameMessage(link="l1", sender=sender, text=text, **fields)

    async def receive(self, text: str = "hello", sender: str = A, **changes: Any) -> Message | None:
        return await self.desk.receive(self.came(text, sender, **changes))

    async def taken(self, text: str = "hello", sender: str = A, **changes: Any) -> Message:
        """One that goes on."""
        message = await self.receive(text, sender, **changes)
        assert message is not None
        return message

    def part(self, number: int = 1, state: PartState = PartState.TAKEN, **changes: Any):
        part = MessagePart(
            number=number, link="l1", state=state, centre_id=f"id-{number}", changed_at=NOW
        )
        return replace(part, **changes)

    async def kept(self, message_id: str) -> Message:
        message = await self.store.message(message_id)
        assert message is not None
        return message

    def told(self) -> list[dict[str, Any]]:
        """The notifications that are queued."""
        rows = sorted(self.store._tables.outbox.values(), key=lambda row: row.sequence)
        return [json.loads(row.notice.body)["smsEvent"] for row in rows]

    def results(self) -> list[int]:
        return [event["sendResult"] for event in self.told()]

    def _hinted(self) -> None:
        self.hints += 1
