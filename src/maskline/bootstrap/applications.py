"""What the management API has on applications beyond the directory: secrets, bindings, sounds."""

from typing import TYPE_CHECKING

from maskline.bootstrap.bindings import binding_endpoints
from maskline.bootstrap.delivery import build_probe
from maskline.domain.area import load_areas
from maskline.manage.application_secret import ApplicationSecretEndpoints
from maskline.manage.callback_test import CallbackTestEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.manage.number_pool import NumberPoolEndpoints
from maskline.manage.prompt_review import PromptReviewEndpoints
from maskline.manage.sound_peaks import PeaksEndpoints
from maskline.services.callback_test import CallbackTester

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def application_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """All of them."""
    store, administration, clock = platform.store, platform.administration, platform.clock
    secrets = ApplicationSecretEndpoints(store, administration, clock, platform.secret_uses)
    areas = load_areas()
    pools = NumberPoolEndpoints(store, areas)
    prompts = platform.prompt_desk
    probe = build_probe(platform.settings, clock, platform.ids)
    return (
        *secrets.endpoints(),
        *pools.endpoints(),
        *CallbackTestEndpoints(administration, CallbackTester(probe, clock)).endpoints(),
        *binding_endpoints(platform, areas),
        *PromptReviewEndpoints(store, prompts, clock).endpoints(),
        *PeaksEndpoints(prompts, platform.recordings.archive).endpoints(),
    )
