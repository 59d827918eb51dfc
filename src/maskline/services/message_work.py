"""What all that is done with messages has in common: values, bounds, counters, and the notices."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from maskline.domain.application import Application, Tenant
from maskline.domain.error import PlatformError
from maskline.domain.message import Message, SendResult
from maskline.domain.message_decision import MessageDecision
from maskline.domain.notice import Notice, Purpose
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.ids import Ids
from maskline.services.message_store import Lease, MessageStore
from maskline.services.notification import origin_of
from maskline.services.registrant_store import RegistrantStore
from maskline.services.spending import Spending, SpendStore
from maskline.services.store import BindingStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CameMessage:
    """A message, or one part of it, as it came from a message centre.

    It came over `link` in the connection `connection`; `digest` is the same when the message
    centre sends it again. `sender` and `x` have global form. It is part `number`, from 1, of
    `total`, which have `reference` in common; then `text` may begin or end with half a character of
    UTF-16, which its neighbour completes.
    """

    link: str
    connection: str
    digest: bytes = field(repr=False)
    sender: str = field(repr=False)
    x: str
    text: str = field(repr=False)
    reference: int = 0
    total: int = 1
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLimits:
    """Bounds of what is done with messages.

    lease_s: how long a worker has a message to itself; longer than anything that is done with it.
    repeats_s: how long a message that comes again in another connection is known to be the same.
    assembly_s: how long the parts of a message are waited for after the latest came.
    stale_at_once: of how many messages parts are looked at in one go.
    decision_s: the time in which a customer has to decide, all tries together.
    decision_tries: how often the question is sent while there is no answer over HTTP.
    decision_pause_s: the pause between these tries.
    takes: how often a message may be taken up for the question: each may end with its worker.
    write_tries, write_pause_s, write_pause_max_s: how often what became of a message is offered to
        a store that is busy or failing, and the pauses between, which double.
    forbidden_words: messages with one of these words go to nobody.
    """

    lease_s: float = 120.0
    repeats_s: float = 600.0
    assembly_s: float = 300.0
    stale_at_once: int = 100
    decision_s: float = 30.0
    decision_tries: int = 3
    decision_pause_s: float = 1.0
    takes: int = 3
    write_tries: int = 120
    write_pause_s: float = 0.1
    write_pause_max_s: float = 5.0
    forbidden_words: tuple[str, ...] = ()


@dataclass(slots=True)
class MessageCounters:
    """What became of messages since the start.

    segments: parts that came of messages in several parts.
    repeated: messages, or parts, that had come before and were not taken again.
    unknown: messages to numbers that are none of ours.
    accepted: messages that were kept.
    incomplete: of these, without all of their parts.
    asked: questions to customers, each counted once.
    unanswered, unusable: of these, without an answer, or with one that cannot be followed.
    opted_out: people who asked for no more messages.
    postponed: messages that had to wait for a link.
    done: messages that are over, by result.
    receipts, unknown_receipts: receipts of parts, and such as no part is known to.
    unwritten: messages whose end the store did not take.
    """

    segments: int = 0
    repeated: int = 0
    unknown: int = 0
    accepted: int = 0
    incomplete: int = 0
    asked: int = 0
    unanswered: int = 0
    unusable: int = 0
    opted_out: int = 0
    postponed: int = 0
    receipts: int = 0
    unknown_receipts: int = 0
    unwritten: int = 0
    done: Counter[SendResult] = field(default_factory=Counter[SendResult])


class MessageFormat(Protocol):
    """Writes what is told of a message, and reads the answers, in the form a customer knows.

    A format is pure: the moments come from the message itself.
    """

    def notify(self, message: Message, *, shows_text: bool) -> bytes:
        """A whole notification: the message is DONE, with its result."""
        ...

    def block(self, message: Message, *, shows_text: bool) -> bytes:
        """A whole question: what to do with the message."""
        ...

    def read_decision(self, body: bytes) -> MessageDecision:
        """The sense of an answer. Raises UnusableAnswer."""
        ...


class MessageDeskStore(MessageStore, BindingStore, RegistrantStore, SpendStore, Protocol):
    """What is read and written about messages."""


class MessageWork:
    """What whoever works on messages needs, for one worker, `host`.

    `hint` is called after notices are durable, to wake the delivery plane, `counted` with every
    message that is over.
    """

    def __init__(  # noqa: PLR0917 - everything that messages touch
        self,
        store: MessageDeskStore,
        directory: Directory,
        clock: Clock,
        ids: Ids,
        formats: MessageFormat,
        hint: Callable[[], None],
        host: str,
        limits: MessageLimits,
        counted: Callable[[Message], None] | None = None,
        spending: Spending | None = None,
    ) -> None:
        self.store = store
        self.spending = spending
        self.clock = clock
        self.ids = ids
        self.formats = formats
        self.hint = hint
        self.host = host
        self.limits = limits
        self.counters = MessageCounters()
        self._directory = directory
        self._counted = counted

    async def owner(self, app_key: str) -> tuple[Application, Tenant]:
        """The application of a number or message. Raises PlatformError where there is none."""
        found = await self._directory.application(app_key)
        if found is None:
            raise PlatformError("a message belongs to an application that does not exist")
        return found

    def over(self, message: Message) -> None:
        """Count a message that is DONE, and kept as such."""
        if message.result is not None:
            self.counters.done[message.result] += 1
        if self._counted is not None:
            self._counted(message)

    def lease(self) -> Lease:
        """This worker's, from now on."""
        until = self.clock.now() + timedelta(seconds=self.limits.lease_s)
        return Lease(host=self.host, until=until)

    def notices(self, application: Application, message: Message) -> list[Notice]:
        """What the customer is told of a message that is DONE."""
        origin = origin_of(application.sms_url)
        if origin is None:
            return []
        body = self.formats.notify(message, shows_text=application.messages.shows_text)
        notice = Notice(
            notice_id=self.ids.uuid(),
            stream=message.message_id,
            app_key=message.app_key,
            purpose=Purpose.MESSAGE,
            origin=origin,
            body=body,
            created_at=self.clock.now(),
        )
        return [notice]
