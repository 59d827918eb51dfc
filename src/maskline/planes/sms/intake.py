"""What message centres bring: messages, parts of them, and receipts."""

import asyncio
from hashlib import blake2b

import structlog

from maskline.domain.error import BusyError, CustomerError, PlatformError, UnknownNumber
from maskline.planes.sms.connection import SmppConnection
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.dispatch import Dispatcher
from maskline.planes.sms.line import Line
from maskline.planes.sms.link import Link
from maskline.planes.sms.settings import SmsLimits
from maskline.planes.sms.wire import error_number, part_state
from maskline.planes.sms.work import Work
from maskline.protocols.smpp.command import MESSAGE_TYPES
from maskline.protocols.smpp.event import MessageCame
from maskline.protocols.smpp.pdu import Message
from maskline.protocols.smpp.receipt import is_receipt, read_receipt
from maskline.protocols.smpp.segment import Segment, read_segment
from maskline.protocols.smpp.status import Status
from maskline.protocols.smpp.text import Coding, coding_of, decode_text
from maskline.services.clock import Clock
from maskline.services.message_store import PartReceipt
from maskline.services.message_work import CameMessage
from maskline.services.messages import MessageDesk

DIGEST_BYTES = 16

log = structlog.get_logger("messages")


class Refused(Exception):
    """What came cannot be taken; sending it again does not help."""

    def __init__(self, reason: str, status: Status) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Intake:
    """Takes what comes over links; nothing is answered OK before it is durable."""

    def __init__(
        self,
        *,
        desk: MessageDesk,
        dispatcher: Dispatcher,
        work: Work,
        counters: SmsCounters,
        clock: Clock,
        limits: SmsLimits,
    ) -> None:
        self._desk = desk
        self._dispatcher = dispatcher
        self._work = work
        self._counters = counters
        self._clock = clock
        self._limits = limits

    def message_came(self, came: MessageCame, link: Link, line: Line) -> None:
        """A deliver_sm; its answer goes to the connection it came by, if that still stands."""
        connection = line.connection
        if connection is None:
            return
        message = came.message
        if is_receipt(message):
            self._take_receipt(came, link, connection)
        elif message.esm_class & MESSAGE_TYPES:
            # An acknowledgement of a person or a notification on the way: nothing we asked for.
            connection.answer(came, Status.OK)
        elif link.is_leaving or not self._work.has_room:
            self._counters.came["throttled"] += 1
            connection.answer(came, Status.THROTTLED)
        else:
            self._take_message(came, link, line.name, connection)

    def _take_message(
        self, came: MessageCame, link: Link, name: str, connection: SmppConnection
    ) -> None:
        try:
            read = read_message(came.message, link, name)
        except Refused as refused:
            self._counters.came[refused.reason] += 1
            log.info("message refused", link=link.config.name, reason=refused.reason)
            connection.answer(came, refused.status)
            return
        self._work.start_message(self._receive(read, came, connection))

    async def _receive(
        self, read: CameMessage, came: MessageCame, connection: SmppConnection
    ) -> None:
        result, status, message = "failed", Status.SYSTEM_ERROR, None
        try:
            message = await self._desk.receive(read)
        except UnknownNumber:
            result, status = "stranger", Status.INVALID_DESTINATION
        except CustomerError as error:
            result, status = "refused", Status.RECEIVER_PERMANENT
            log.info("message refused", link=read.link, reason=type(error).__name__)
        except BusyError:
            result, status = "busy", Status.QUEUE_FULL
        except PlatformError as error:
            status = Status.RECEIVER_TEMPORARY
            log.warning("message not taken", link=read.link, reason=str(error))
        else:
            result, status = "taken", Status.OK
        finally:
            # A bug is answered too, before it is logged: the centre sends the message again.
            self._counters.came[result] += 1
            connection.answer(came, status)
        if message is not None:
            await self._dispatcher.go_on(message, is_fresh=True)

    def _take_receipt(self, came: MessageCame, link: Link, connection: SmppConnection) -> None:
        receipt = read_receipt(came.message)
        if receipt is None:
            self._counters.receipts["unreadable"] += 1
            connection.answer(came, Status.OK)
            return
        state = part_state(receipt.state)
        if state is None:
            self._counters.receipts["unfinished"] += 1
            connection.answer(came, Status.OK)
            return
        kept = PartReceipt(
            link=link.config.name,
            centre_id=link.wire.receipted_id(receipt.message_id),
            state=state,
            status=error_number(receipt.error),
            at=self._clock.now(),
        )
        self._work.start(self._keep_receipt(kept, came, connection))

    async def _keep_receipt(
        self, receipt: PartReceipt, came: MessageCame, connection: SmppConnection
    ) -> None:
        status = Status.SYSTEM_ERROR
        try:
            is_known = await self._desk.receipt(receipt)
            for pause_s in self._limits.receipt_waits_s:
                if is_known or self._work.is_closing:
                    break
                await asyncio.sleep(pause_s)
                is_known = await self._desk.receipt(receipt)
            status = Status.OK
            self._counters.receipts[receipt.state.value if is_known else "unknown"] += 1
        except BusyError:
            status = Status.QUEUE_FULL
        except PlatformError as error:
            status = Status.RECEIVER_TEMPORARY
            log.warning("receipt not kept", link=receipt.link, reason=str(error))
        finally:
            connection.answer(came, status)


def read_message(message: Message, link: Link, connection: str) -> CameMessage:
    """A deliver_sm in our words. Raises Refused."""
    wire, name = link.wire, link.config.name
    sender = wire.number(message.source)
    if sender is None:
        raise Refused("no_number", Status.INVALID_SOURCE)
    x = wire.number(message.destination)
    if x is None:
        raise Refused("no_number", Status.INVALID_DESTINATION)
    coding = coding_of(message.data_coding, wire.dialect)
    if coding is None:
        raise Refused("no_text", Status.RECEIVER_PERMANENT)
    segment = read_segment(message)
    return CameMessage(
        link=name,
        connection=connection,
        digest=_digest_of(message, segment, (name, sender, x)),
        sender=sender,
        x=x,
        text=_text_of(segment, coding),
        reference=segment.reference,
        total=segment.total,
        number=segment.number,
    )


def _digest_of(message: Message, segment: Segment, way: tuple[str, str, str]) -> bytes:
    """The same for the same message sent again, and for nothing else.

    Not of all optional parameters: some tell of the sending rather than of the message.
    """
    place = (segment.reference, segment.total, segment.number)
    told = repr((way, message.data_coding, message.esm_class, place)).encode()
    return blake2b(told + message.body, digest_size=DIGEST_BYTES).digest()


def _text_of(segment: Segment, coding: Coding) -> str:
    is_part = segment.total > 1
    return decode_text(segment.body, coding, fill_bits=segment.fill_bits, keeps_halves=is_part)
