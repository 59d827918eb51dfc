"""Settings of what is watched, traced and kept."""

from typing import Annotated

from msgspec import Meta, Struct


class MetricsSection(Struct, frozen=True, kw_only=True):
    """Metrics for Prometheus: at `/metrics` of the HTTP port with the management token, and here.

    bind: address of the port without a token: whoever reaches it reads the counts, which tell of no
        customer and no number.
    port: `/metrics`, `/healthz` and `/readyz` without a token; 0 switches it off. Each process of a
        machine needs its own.
    """

    bind: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
