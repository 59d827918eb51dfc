"""A UDP socket with a SIP endpoint behind it and a trace of what passes."""

import asyncio
import secrets
import time
from collections.abc import Callable

from maskline.lab.trace import SipTrace, TracedMessage
from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.event import Event
from maskline.protocols.sip.flow import Flow

TIMER_SLACK_S = 0.001
"""The loop's clock ticks in milliseconds: an alarm for the exact moment may ring before it."""


class SipPort(asyncio.DatagramProtocol):
    """Runs one endpoint over UDP on the running loop; events go to `handler`.

    After a verb of the endpoint or of a session was called, call `settle`.
    """

    def __init__(self, config: EndpointConfig, handler: Callable[[Event], None]) -> None:
        self.endpoint = SipEndpoint(config, secrets.token_hex)
        self.trace = SipTrace()
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._address = ("", 0)

    @property
    def address(self) -> tuple[str, int]:
        """The bound host and port."""
        return self._address

    def now(self) -> float:
        """The clock of the endpoint's timers: monotonic seconds."""
        return self._loop.time()

    async def open(self, host: str, port: int) -> None:
        """Bind; port 0 takes a free one. Raises OSError."""
        transport, _ = await self._loop.create_datagram_endpoint(
            lambda: self, local_addr=(host, port)
        )
        self._transport = transport
        self._address = transport.get_extra_info("sockname")[:2]
        self.endpoint.listen("udp", *self._address)

    def close(self) -> None:
        """Send what is left and free the port."""
        self._send()
        if self._alarm is not None:
            self._alarm.cancel()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def send_raw(self, data: bytes, far: tuple[str, int]) -> None:
        """Send bytes that no endpoint would write."""
        if self._transport is not None:
            self._transport.sendto(data, far)
            self.trace.note(TracedMessage(time.monotonic(), is_sent=True, far=far, data=data))

    def settle(self) -> None:
        """Hand out events, send what they and earlier verbs left, set the alarm."""
        while (event := self.endpoint.next_event()) is not None:
            self._handler(event)
        self._send()
        self._set_alarm()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram."""
        far = addr[:2]
        self.trace.note(TracedMessage(time.monotonic(), is_sent=False, far=far, data=data))
        self.endpoint.receive(data, Flow("udp", *far), self.now())
        self.settle()

    def error_received(self, exc: Exception) -> None:
        """An ICMP error of an earlier datagram: the timers deal with silence."""

    def _send(self) -> None:
        for data, flow in self.endpoint.data_to_send():
            self.send_raw(data, (flow.host, flow.port))

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = self.endpoint.next_timer()
        if due is not None and self._transport is not None:
            self._alarm = self._loop.call_at(max(due, self.now()) + TIMER_SLACK_S, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        self.endpoint.handle_timer(self.now())
        self.settle()
