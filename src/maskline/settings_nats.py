"""Settings of the second way of pushing."""

from typing import Annotated

from msgspec import Meta, Struct

SubjectPrefix = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]


class NatsSection(Struct, frozen=True, kw_only=True):
    """Pushing over NATS JetStream: for receivers whose address is `nats:`.

    url: such as `nats://10.0.0.1:4222` or `tls://nats.example:4222`; empty switches it off.
    subject_prefix: subjects are `PREFIX.APP_KEY.PURPOSE`; a stream that takes them must be there.
    token: what the server asks clients for; empty for none. Better given by environment.
    """

    url: str = ""
    subject_prefix: SubjectPrefix = "maskline"
    token: str = ""
