"""The SIP side: endpoint, listeners, certificates."""

import secrets
import socket
import ssl

from maskline.domain.error import PlatformError
from maskline.planes.call.edge import Edges
from maskline.planes.call.transport import Listener, SipTransport
from maskline.planes.call.transport_limits import TransportLimits
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.endpoint import SipEndpoint
from maskline.protocols.sip.limits import MessageLimits
from maskline.protocols.sip.timer import TimerValues
from maskline.services.clock import Clock
from maskline.settings import Settings, TlsSection

SIP_PATIENCE_S = 60.0
"""How much longer than a call may ring SIP waits for the end of its INVITE."""


def build_sip(
    settings: Settings, clock: Clock, board: TrunkBoard, edges: Edges
) -> tuple[SipEndpoint, SipTransport]:
    """The endpoint and the sockets under it; nothing is opened. Raises PlatformError (TLS)."""
    section, tls = settings.sip, settings.tls
    standard, ring_s = EndpointConfig(), settings.calls.ring_timeout_s
    config = EndpointConfig(
        # Calls end by the plane's own time-out, which has a release of its own.
        invite_timeout_s=max(standard.invite_timeout_s, ring_s + SIP_PATIENCE_S),
        answer_timeout_s=max(standard.answer_timeout_s, ring_s + 2 * SIP_PATIENCE_S),
        timers=TimerValues(t1=section.t1_ms / 1000),
        limits=MessageLimits(message_bytes=section.max_message_bytes),
        max_sessions=2 * settings.calls.max_calls,
    )
    endpoint = SipEndpoint(config, secrets.token_hex)
    advertised = section.advertised_address or None
    listeners = [
        Listener("udp", section.bind, section.port, advertised),
        Listener("tcp", section.bind, section.port, advertised),
    ]
    our_tls: ssl.SSLContext | None = None
    if section.tls_port:
        our_tls = server_tls(tls)
        listeners.append(Listener("tls", section.bind, section.tls_port, advertised))
    transport = SipTransport(
        endpoint,
        listeners,
        clock=clock,
        limits=TransportLimits(
            connections=section.max_connections, idle_timeout_s=section.idle_connection_s
        ),
        server_tls=our_tls,
        client_tls=client_tls(tls),
        server_name=board.server_name,
        is_known=lambda flow: flow in edges or board.of_source(flow) is not None,
    )
    return endpoint, transport


def server_tls(tls: TlsSection) -> ssl.SSLContext:
    """What we show clients. Raises PlatformError for files that cannot be used."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(tls.cert, tls.key)
    except OSError as error:
        raise PlatformError(
            f"[tls] cert {tls.cert} and key {tls.key} cannot be used: {error}"
        ) from error
    return context


def client_tls(tls: TlsSection) -> ssl.SSLContext:
    """How we check the trunks that we call. Raises PlatformError for a file that cannot be used."""
    try:
        return ssl.create_default_context(cafile=tls.trunk_ca or None)
    except OSError as error:
        raise PlatformError(f"[tls] trunk_ca {tls.trunk_ca} cannot be used: {error}") from error


def family(address: str) -> socket.AddressFamily:
    """IPv4 or IPv6, as the address is."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET
