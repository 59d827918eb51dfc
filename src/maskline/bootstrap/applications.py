"""What the management API has on applications beyond the directory: secrets."""

from typing import TYPE_CHECKING

from maskline.manage.application_secret import ApplicationSecretEndpoints
from maskline.manage.endpoint import Endpoint

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def application_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """All of them."""
    store, administration, clock = platform.store, platform.administration, platform.clock
    secrets = ApplicationSecretEndpoints(store, administration, clock, platform.secret_uses)
    return secrets.endpoints()
