"""The secrets of an application: the present one, and earlier ones until their grace ends."""

from dataclasses import dataclass, field
from datetime import datetime

FIRST_SECRET = "first"  # noqa: S105 - a name
"""The id of the secret that an application was made with."""

GRACES_S = (0, 3_600, 86_400, 604_800)
"""How long a secret may go on working once there is a newer one, in seconds."""

MAX_FORMER_SECRETS = 3
"""Earlier secrets that work at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerSecret:
    """A secret that was replaced, and works until `valid_until`."""

    secret_id: str
    secret: str = field(repr=False)
    created_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUse:
    """When a request was last signed with a secret, and from which address it came."""

    app_key: str
    secret_id: str
    used_at: datetime
    address: str
