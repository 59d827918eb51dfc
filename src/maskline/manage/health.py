"""Endpoints that load balancers and supervisors ask, without a token."""

import asyncio
from collections.abc import Callable, Mapping

from maskline.domain.error import MasklineError
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.manage.view import HealthView
from maskline.services.store import Store

STORE_TIMEOUT_S = 2.0
ANY_TENANT = "default"  # whether it exists does not matter


class HealthEndpoints:
    """`/healthz`: the process answers. `/readyz`: what it depends on does too.

    `checks` gives the state of each plane by name, as bootstrap knows it.
    """

    def __init__(
        self, store: Store, checks: Callable[[], Mapping[str, bool]], version: str
    ) -> None:
        self._store = store
        self._checks = checks
        self._version = version

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both."""
        return (
            Endpoint(
                method="GET",
                path="/healthz",
                summary="Whether the process answers",
                run=self.show_health,
                answer=HealthView,
                is_open=True,
            ),
            Endpoint(
                method="GET",
                path="/readyz",
                summary="Whether traffic can be served; 503 when not",
                run=self.show_readiness,
                answer=HealthView,
                is_open=True,
                refusals=(503,),
            ),
        )

    async def show_health(self, _: Asked) -> HealthView:
        """The process answers."""
        return HealthView(status="ok", version=self._version)

    async def show_readiness(self, _: Asked) -> HealthView:
        """Everything needed for traffic answers."""
        checks = {"store": await self._store_answers(), **self._checks()}
        if not all(checks.values()):
            missing = ", ".join(name for name, is_ready in checks.items() if not is_ready)
            raise Problem(status=503, code="not_ready", message=f"not ready: {missing}")
        return HealthView(status="ready", version=self._version, checks=checks)

    async def _store_answers(self) -> bool:
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                # By key: a list waits behind those of operators, and anybody may ask for this.
                await self._store.tenant(ANY_TENANT)
        except (MasklineError, TimeoutError):
            return False
        return True
