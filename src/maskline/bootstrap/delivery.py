"""Pushes, and questions that are answered: from settings to what carries them."""

from datetime import timedelta
from importlib.util import find_spec

from maskline.api.notification import CompatibleFormat
from maskline.api.signature import sign
from maskline.api.trial import trial_message
from maskline.domain.error import PlatformError
from maskline.domain.retry import RetrySchedule
from maskline.planes.delivery.again import PushAgain
from maskline.planes.delivery.asking import AskLimits, HttpAsker
from maskline.planes.delivery.callback_probe import HttpCallbackProbe
from maskline.planes.delivery.client import HttpPushClient, PushClient
from maskline.planes.delivery.message import MessageWriter, PushSigner
from maskline.planes.delivery.nats_client import NatsPushClient, NatsSettings, RoutedClient
from maskline.planes.delivery.settings import DeliverySettings
from maskline.planes.delivery.trial import PushTrial
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.settings import Settings

DELIVERY_CLOSE_S = 2.0
"""How long pushes in flight may take at a stop; what is cut off is pushed again later."""


def delivery_settings(settings: Settings) -> DeliverySettings:
    """The bounds of the delivery plane."""
    section = settings.delivery
    return DeliverySettings(
        schedule=RetrySchedule(tuple(60.0 * minutes for minutes in section.retry_minutes)),
        timeout_s=section.timeout_s,
        allow_private=section.allow_private,
        max_in_flight=section.max_in_flight,
        max_in_flight_per_endpoint=section.max_in_flight_per_endpoint,
        reserved_in_flight=section.max_in_flight // 4,
        poll_interval_s=section.poll_interval_s,
        merge_window_s=section.merge_window_s,
        close_deadline_s=DELIVERY_CLOSE_S,
        disable_after=_days(section.disable_after_days),
        dead_retention=_days(section.dead_retention_days),
        delivered_retention=_days(section.keep_delivered_days),
    )


def _days(days: float) -> timedelta | None:
    """None for 0, which stands for no end."""
    return timedelta(days=days) if days else None


def build_client(settings: Settings) -> PushClient:
    """What carries pushes: HTTP, and NATS where that is set. Raises PlatformError without it."""
    http, section = HttpPushClient(delivery_settings(settings)), settings.nats
    if not section.url:
        return http
    if find_spec("nats") is None:
        raise PlatformError("[nats] url needs the client: install maskline[nats]")
    nats = NatsSettings(
        url=section.url,
        subject_prefix=section.subject_prefix,
        token=section.token,
        timeout_s=settings.delivery.timeout_s,
    )
    return RoutedClient(http, NatsPushClient(nats))


def build_trial(settings: Settings, clock: Clock, ids: Ids) -> PushTrial:
    """What pushes a test event for an operator."""
    signer = PushSigner(sign, clock, ids)
    return PushTrial(lambda: build_client(settings), signer, trial_message, clock, ids)


def build_again(settings: Settings, clock: Clock, ids: Ids) -> PushAgain:
    """What makes a push again by hand."""
    writer = MessageWriter(sign, CompatibleFormat().record_message, clock, ids)
    return PushAgain(lambda: build_client(settings), writer, clock)


def build_probe(settings: Settings, clock: Clock, ids: Ids) -> HttpCallbackProbe:
    """What tries out an address step by step."""
    signer = PushSigner(sign, clock, ids)
    return HttpCallbackProbe(delivery_settings(settings), signer, trial_message, clock, ids)


def build_asker(settings: Settings, clock: Clock, ids: Ids) -> HttpAsker:
    """What carries the questions of mode X; `open` it before the first call, `close` it last."""
    limits = AskLimits(timeout_s=settings.calls.ask_timeout_s)
    return HttpAsker(delivery_settings(settings), limits, PushSigner(sign, clock, ids), ids)
