"""How several processes of the platform share a machine and a store."""

from typing import Annotated

from msgspec import Meta, Struct


class WorkersSection(Struct, frozen=True, kw_only=True):
    """Several processes on one store, which then is PostgreSQL.

    look_interval_s: how often a process looks for what others tell: changes, calls to end,
        addresses that are locked out.
    shares_http_ports: other processes listen on the same HTTP ports; the kernel spreads
        connections. `maskline serve --workers` switches it on.
    stop_s: how long after `[calls] drain_s` a worker may take to stop before its supervisor
        kills it.
    """

    look_interval_s: Annotated[float, Meta(ge=0.01, le=0.5)] = 0.25
    shares_http_ports: bool = False
    stop_s: Annotated[float, Meta(gt=0)] = 15.0
