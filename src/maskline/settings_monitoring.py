"""Settings of what is watched, traced and kept."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Days = Annotated[int, Meta(ge=1, le=3650)]
PositiveCount = Annotated[int, Meta(ge=1)]


class MetricsSection(Struct, frozen=True, kw_only=True):
    """Metrics for Prometheus: at `/metrics` of the HTTP port with the management token, and here.

    bind: address of the port without a token: whoever reaches it reads the counts, which tell of no
        customer and no number.
    port: `/metrics`, `/healthz` and `/readyz` without a token; 0 switches it off. Each process of a
        machine needs its own.
    """

    bind: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 0


class TraceSection(Struct, frozen=True, kw_only=True):
    """What is kept of the course of a call: SIP messages by their kind, the plan, media, pushes.

    calls: `failed` stores the traces of calls that did not end normally, and of all of applications
        that are marked for the sandbox; `all` those of every call, `off` none. Traces of live calls
        are in memory always.
    keep_days: how long stored traces are kept.
    keep: stored traces in all; beyond it the oldest go.
    """

    calls: Literal["off", "failed", "all"] = "failed"
    keep_days: Days = 7
    keep: PositiveCount = 100_000


class StatisticsSection(Struct, frozen=True, kw_only=True):
    """What is counted for people to look at. Quarters of an hour and days are kept for two years.

    minute_hours: how long counts by minutes are kept beside them.
    """

    minute_hours: Annotated[int, Meta(ge=1, le=744)] = 48


class RetentionSection(Struct, frozen=True, kw_only=True):
    """How long what is over is kept; each tenant may have its own time.

    record_days: how long call records of new tenants are kept.
    binding_days: how long bindings that have ended are kept, of new tenants.
    interval_s: how often what is past its time is removed.
    """

    record_days: Days = 180
    binding_days: Days = 180
    interval_s: Annotated[float, Meta(gt=0)] = 3600.0
