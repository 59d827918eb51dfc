"""What an operator may set of the rtpengine engine."""

from dataclasses import dataclass
from pathlib import Path

from maskline.planes.media.engine import BadMedia

MAX_INSTANCES = 64
"""Daemons that one platform drives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpengineSettings:
    """Settings of the rtpengine engine.

    `instances` are the control addresses (`HOST:PORT`, numeric or a name) of the daemons.
    `dtmf_port` (UDP) and `teardown_port` (TCP) on `listen_address` are where they report; 0 takes
    a free one, for tests. `recording_dir` is the daemons' `--recording-dir`, None: no recording.
    A party silent for `loss_after_s` has lost its media, and so has one that sent nothing for
    `start_after_s` after the bridge; 0 turns either off. The daemons are asked for what they
    received every `watch_interval_s`. `codecs` are relayed besides G.711 where both sides have
    the same. `owner` names the worker: workers that share a daemon leave each other's calls alone.
    Raises `BadMedia` for what cannot be.
    """

    instances: tuple[str, ...]
    listen_address: str = "127.0.0.1"
    dtmf_port: int = 22224
    teardown_port: int = 22225
    recording_dir: Path | None = None
    ping_interval_s: float = 1.0
    survives_restart: bool = False
    max_calls: int = 2000
    loss_after_s: float = 20.0
    start_after_s: float = 60.0
    watch_interval_s: float = 10.0
    codecs: tuple[str, ...] = ("G722", "opus", "AMR", "AMR-WB", "G729")
    owner: str = ""

    def __post_init__(self) -> None:
        """Check what would otherwise fail in the middle of a call."""
        if not 0 < len(self.instances) <= MAX_INSTANCES:
            raise BadMedia("no rtpengine instance, or too many")
        if len(set(self.addresses)) != len(self.instances):
            raise BadMedia("an rtpengine instance is named twice")
        if min(self.ping_interval_s, self.watch_interval_s) <= 0 or self.max_calls < 1:
            raise BadMedia("an interval or max_calls is out of range")
        if min(self.loss_after_s, self.start_after_s) < 0:
            raise BadMedia("a duration is negative")

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """The instances as host and port. Raises `BadMedia`."""
        return [_parse(text) for text in self.instances]


def _parse(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdigit() or not 0 < int(port) <= 65535:
        raise BadMedia(f"rtpengine instance {text!r} is not HOST:PORT")
    return host, int(port)
