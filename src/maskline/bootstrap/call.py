"""What the call plane and the traces of its calls are given of the settings."""

from maskline.bootstrap.recording import CHANNELS
from maskline.planes.call.limits import CallLimits
from maskline.planes.call.trace import TraceLimits
from maskline.services.trace import TraceRule
from maskline.settings import Settings
from maskline.settings_monitoring import TraceSection

MEBIBYTE = 1024 * 1024


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


def trace_limits(section: TraceSection) -> TraceLimits:
    """What a worker keeps of its calls; traces are looked at once a second."""
    return TraceLimits(
        keeping=section.calls,
        sampled=section.sampled,
        has_sip=section.sip,
        held_bytes=section.sip_memory_mib * MEBIBYTE,
        sip_calls=section.sip_calls_per_s,
    )


def trace_rule(section: TraceSection) -> TraceRule:
    """How long stored traces and their details are kept."""
    return TraceRule(
        keep_days=section.keep_days,
        keep=section.keep,
        details_keep_days=section.details_keep_days,
        details_keep=section.details_keep,
    )
