"""Short messages: from settings to the plane that carries them."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from maskline.api.message_notification import CompatibleMessageFormat
from maskline.api.signature import sign
from maskline.bootstrap.delivery import delivery_settings
from maskline.domain.error import PlatformError
from maskline.domain.message import Message
from maskline.domain.sms_link import SmsLink
from maskline.manage.endpoint import Endpoint
from maskline.manage.message import MessageEndpoints
from maskline.manage.message_block import MessageBlockEndpoints
from maskline.manage.sms_link import LinkStates, SmsLinkEndpoints
from maskline.planes.delivery.asking import AskLimits, HttpAsker
from maskline.planes.delivery.message import PushSigner
from maskline.planes.sms.plane import MessagePlane, TellLinks
from maskline.planes.sms.settings import SmsLimits
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.ids import Ids
from maskline.services.message_list import MessageLists
from maskline.services.message_rate import MessageRates
from maskline.services.message_store import MessageStore
from maskline.services.message_work import MessageDeskStore, MessageLimits
from maskline.services.messages import MessageDesk
from maskline.services.question import Asker
from maskline.services.sms_link_desk import SmsLinkDesk
from maskline.services.spending import Spending
from maskline.settings import Settings


def sms_limits(settings: Settings) -> SmsLimits:
    """The bounds of the message plane."""
    section = settings.messages
    return SmsLimits(
        in_work=section.in_work,
        claimed=max(1, section.in_work // 4),
        queued=4 * section.in_work,
        answer_s=section.answer_s,
        forward_within_s=section.forward_within_s,
        repeat_s=section.repeat_s,
        close_s=section.close_s,
    )


def message_limits(settings: Settings) -> MessageLimits:
    """The bounds of the message desk."""
    section = settings.messages
    return MessageLimits(
        decision_s=section.decision_s,
        assembly_s=section.assembly_s,
        forbidden_words=section.forbidden_words,
    )


def message_endpoints(
    store: MessageStore, desk: SmsLinkDesk, states: LinkStates, clock: Clock
) -> tuple[Endpoint, ...]:
    """What operators do with messages, their links and their lists."""
    return (
        *MessageEndpoints(store).endpoints(),
        *SmsLinkEndpoints(desk, states).endpoints(),
        *MessageBlockEndpoints(MessageLists(store, clock)).endpoints(),
    )


@dataclass(frozen=True, slots=True)
class MessageServices:
    """What the message plane works with.

    `hint` wakes the delivery plane, `counted` hears of every message that is over, `tell_links`
    tells the others how links stand, where there are any.
    """

    store: MessageDeskStore
    directory: Directory
    clock: Clock
    ids: Ids
    hint: Callable[[], None]
    counted: Callable[[Message], None] | None = None
    tell_links: TellLinks | None = None


async def open_messages(
    settings: Settings, services: MessageServices, host: str, stack: AsyncExitStack
) -> MessagePlane:
    """The plane of the worker `host`, started but not running; the stack closes what is open.

    Raises PlatformError for a `ca` that cannot be used, StoreBusy, StoreFailed.
    """
    asker = _build_asker(settings, services)
    await asker.open()
    stack.push_async_callback(asker.close)
    plane = _build_plane(settings, services, host, asker)
    await plane.start()
    return plane


def _build_asker(settings: Settings, services: MessageServices) -> HttpAsker:
    per_try_s = settings.messages.decision_s / message_limits(settings).decision_tries
    signer = PushSigner(sign, services.clock, services.ids)
    limits = AskLimits(timeout_s=per_try_s)
    return HttpAsker(delivery_settings(settings), limits, signer, services.ids)


def _build_plane(
    settings: Settings, services: MessageServices, host: str, asker: Asker
) -> MessagePlane:
    desk = MessageDesk(
        services.store,
        services.directory,
        services.clock,
        services.ids,
        asker,
        CompatibleMessageFormat(),
        MessageRates(services.clock),
        services.hint,
        host,
        message_limits(settings),
        services.counted,
        Spending(services.store, services.clock, ZoneInfo(settings.numbers.zone)),
    )
    return MessagePlane(
        desk=desk,
        read_links=services.store.sms_links,
        dial=Dialer(link_tls(settings.messages.ca)).dial,
        clock=services.clock,
        ids=services.ids,
        limits=sms_limits(settings),
        tell_links=services.tell_links,
    )


def link_tls(ca: str) -> ssl.SSLContext:
    """How we check message centres. Raises PlatformError for a file that cannot be used."""
    try:
        return ssl.create_default_context(cafile=ca or None)
    except OSError as error:
        raise PlatformError(f"[messages] ca {ca} cannot be used: {error}") from error


class Dialer:
    """Connects to message centres by TCP, or TLS where a link says so."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls

    async def dial(self, link: SmsLink, protocol: Callable[[], asyncio.Protocol]) -> None:
        """See `maskline.planes.sms.line.Dial`."""
        await asyncio.get_running_loop().create_connection(
            protocol,
            link.host,
            link.port,
            ssl=self._tls if link.is_tls else None,
            server_hostname=link.host if link.is_tls else None,
        )
