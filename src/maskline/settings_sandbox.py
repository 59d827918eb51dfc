"""The `[sandbox]` section: phones on the server that developers try the platform with."""

from typing import Annotated

from msgspec import Meta, Struct


class SandboxSection(Struct, frozen=True, kw_only=True):
    """The sandbox: lab phones that developers use over the management API. The demo has it.

    enabled: whether there is one; its carrier trusts everybody on this machine.
    apps: keys of applications that may be tried in it besides those marked `is_sandbox`; `*` for
        all, as in the demo.
    number_prefix: how the numbers of its phones begin, in global form. They end in three digits of
        the run and one of the phone, and belong to nobody: a trunk has to lead them to the lab.
    carrier_port: UDP port of the lab's carrier on 127.0.0.1; the demo has its own.
    centre_port: TCP port of the lab's message centre on 127.0.0.1; 0 has none: phones write no
        short messages.
    receiver_url: base address of this server for the pushes that the built-in receiver takes, when
        the sender is elsewhere. Empty: this machine's.
    runs_per_tenant: runs of one tenant at once; a user has one.
    idle_s: a run ends when nobody has used it for so long.
    """

    enabled: bool = False
    apps: tuple[str, ...] = ()
    number_prefix: Annotated[str, Meta(pattern=r"^\+[1-9]\d{2,25}$")] = "+861380000"
    carrier_port: Annotated[int, Meta(ge=1, le=65535)] = 5170
    centre_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    receiver_url: str = ""
    runs_per_tenant: Annotated[int, Meta(ge=1, le=100)] = 10
    idle_s: Annotated[float, Meta(gt=0, le=86_400)] = 1_800.0
