"""One of several processes that share their settings: which names and ports are its own."""

import re
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from maskline.domain.error import PlatformError
from maskline.settings import (
    RTP_PORTS_PER_CALL,
    PortRange,
    RtpengineSection,
    Settings,
    SipSection,
)
from maskline.settings_monitoring import MetricsSection

MAX_WORKERS = 64
"""Processes of one kind; one machine has no use for more."""

API_PLANES = frozenset({"api", "manage"})
"""What an API worker runs."""

replace = msgspec.structs.replace


@dataclass(frozen=True, slots=True)
class Share:
    """Process `number` of `count`, counted from 1; written `2/4`."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Share":
        """Read `K/N`. Raises ValueError with a sentence that says what is wrong."""
        match = re.fullmatch(r"([1-9]\d?)/([1-9]\d?)", text)
        if match is None or not int(match[1]) <= int(match[2]) <= MAX_WORKERS:
            raise ValueError(f"expected K/N, such as 1/4, with N at most {MAX_WORKERS}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def worker_name(planes: Collection[str], number: int) -> str:
    """What the log calls the number-th worker that runs these planes."""
    if frozenset(planes) == API_PLANES:
        return f"api-{number}"
    return f"{next(iter(planes)) if len(planes) == 1 else 'worker'}-{number}"


def need_shared_store(settings: Settings) -> None:
    """Several processes are wanted. Raises PlatformError for a store that only one can use."""
    if not settings.store.url:
        raise PlatformError("several processes need PostgreSQL: set [store] url")


def share_settings(settings: Settings, share: Share) -> Settings:
    """The settings of one process of several on this machine.

    Its host name ends with its number, its SIP ports and that of its metrics are the number-th from
    those that are set, its media ports and rtpengine daemons a part of them. HTTP ports are shared,
    as long as there is more than one process. Raises PlatformError for ports or daemons that cannot
    be shared out.
    """
    host = settings.calls.host_name or socket.gethostname()
    return replace(
        settings,
        calls=replace(settings.calls, host_name=f"{host}-{share.number}"),
        sip=_sip(settings, share),
        media=replace(settings.media, ports=_media_ports(settings.media.ports, share)),
        rtpengine=_rtpengine(settings, share),
        metrics=_metrics(settings.metrics, share),
        workers=replace(
            settings.workers,
            shares_http_ports=settings.workers.shares_http_ports or share.count > 1,
        ),
    )


def _sip(settings: Settings, share: Share) -> SipSection:
    section, last = settings.sip, share.count - 1
    tls = section.tls_port
    if tls and abs(tls - section.port) <= last:
        raise PlatformError(
            f"[sip] port {section.port} and tls_port {tls} are too near for {share.count} workers: "
            f"each takes the next port of both, so leave at least {last} ports between them"
        )
    if max(section.port, tls) + last > 65535:
        raise PlatformError(f"[sip] port is too high for {share.count} workers")
    own = share.number - 1
    return replace(section, port=section.port + own, tls_port=tls + own if tls else 0)


def _metrics(section: MetricsSection, share: Share) -> MetricsSection:
    if section.port + share.count - 1 > 65535:
        raise PlatformError(f"[metrics] port is too high for {share.count} workers")
    return replace(section, port=section.port + share.number - 1) if section.port else section


def _media_ports(ports: PortRange, share: Share) -> PortRange:
    """An equal part of the range, of whole calls."""
    each = (ports.last - ports.first + 1) // share.count
    each -= each % RTP_PORTS_PER_CALL
    if each < RTP_PORTS_PER_CALL:
        raise PlatformError(
            f"[media] ports {ports} are too few for {share.count} workers: a call needs "
            f"{RTP_PORTS_PER_CALL}"
        )
    first = ports.first + (share.number - 1) * each
    return PortRange(first, first + each - 1)


def _rtpengine(settings: Settings, share: Share) -> RtpengineSection:
    section, own = settings.rtpengine, share.number - 1
    if settings.media.engine != "rtpengine":
        return section
    instances: Sequence[str] = section.instances[own :: share.count]
    if not instances:
        raise PlatformError(
            f"[rtpengine] instances: {share.count} call workers need at least as many daemons; "
            "each reports to one worker"
        )
    return replace(
        section,
        instances=tuple(instances),
        recording_dir=_part_of(section.recording_dir, share),
        dtmf_port=section.dtmf_port + own,
        teardown_port=section.teardown_port + own,
    )


def _part_of(recording_dir: str, share: Share) -> str:
    """A worker that starts deletes captures that are no call's of its own."""
    if not recording_dir or share.count == 1:
        return recording_dir
    return f"{recording_dir}/{share.number}"
