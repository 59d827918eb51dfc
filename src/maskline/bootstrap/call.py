"""What the call plane is given of the settings."""

from maskline.bootstrap.recording import CHANNELS
from maskline.planes.call.limits import CallLimits
from maskline.settings import Settings


def call_limits(settings: Settings) -> CallLimits:
    """The bounds and waits of calls."""
    return CallLimits(
        ring_timeout_s=settings.calls.ring_timeout_s,
        trunk_response_timeout_s=settings.calls.setup_timeout_s,
        max_calls=settings.calls.max_calls,
        new_calls_per_s=settings.sip.new_calls_per_s,
        ping_interval_s=settings.sip.ping_interval_s,
        drain_s=settings.calls.drain_s,
        answers_for_extension=settings.calls.extension_answers,
        first_key_s=settings.calls.extension_first_key_s,
        next_key_s=settings.calls.extension_next_key_s,
        record_channels=CHANNELS[settings.recording.channels],
        may_go_on_unrecorded=settings.recording.when_failing == "continue",
    )
