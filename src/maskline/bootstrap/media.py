"""The media engine that the settings ask for."""

from pathlib import Path

from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import MediaEngine, RecordingListener
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.planes.media.rtpengine.settings import RtpengineSettings
from maskline.planes.media.settings import EmbeddedSettings, Learn
from maskline.planes.media.silent import SilentEngine
from maskline.settings import Settings


def build_engine(
    settings: Settings,
    on_recorded: RecordingListener,
    note_key: bytes | None = None,
    owner: str = "",
) -> MediaEngine:
    """The engine, not started. Raises BadMedia for settings that cannot be.

    `note_key` seals what rtpengine's next run needs to finish recordings of this one; `owner` is
    the worker whose calls it carries.
    """
    match settings.media.engine:
        case "none":
            return SilentEngine(settings.media.advertised_address or settings.media.bind)
        case "rtpengine":
            return RtpengineEngine(_rtpengine(settings, owner), on_recorded, note_key)
        case "embedded":
            return EmbeddedEngine(_embedded(settings), on_recorded)


def _embedded(settings: Settings) -> EmbeddedSettings:
    section = settings.media
    return EmbeddedSettings(
        bind_address=section.bind,
        advertised_address=section.advertised_address or section.bind,
        first_port=section.ports.first,
        last_port=section.ports.last,
        loss_after_s=section.loss_s,
        start_after_s=section.start_s,
        quarantine_s=section.quarantine_s,
        learn=Learn(section.learn),
        max_calls=settings.calls.max_calls,
    )


def _rtpengine(settings: Settings, owner: str) -> RtpengineSettings:
    section, media = settings.rtpengine, settings.media
    return RtpengineSettings(
        instances=section.instances,
        listen_address=section.listen_address,
        dtmf_port=section.dtmf_port,
        teardown_port=section.teardown_port,
        recording_dir=Path(section.recording_dir) if section.recording_dir else None,
        ping_interval_s=section.ping_interval_s,
        survives_restart=section.survives_restart,
        max_calls=settings.calls.max_calls,
        loss_after_s=media.loss_s,
        start_after_s=media.start_s,
        owner=owner,
    )
