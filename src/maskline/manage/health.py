"""Endpoints that load balancers, supervisors and Prometheus ask."""

from collections.abc import Awaitable, Callable

from maskline.domain.access import Right
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.problem import Problem
from maskline.manage.view import HealthView
from maskline.services.readiness import Readiness


class HealthEndpoints:
    """`/healthz`: the process answers. `/readyz`: what it depends on does too. No token needed."""

    def __init__(self, readiness: Readiness, version: str) -> None:
        self._readiness = readiness
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
        checks = await self._readiness.checks()
        if not all(checks.values()):
            missing = ", ".join(name for name, is_ready in checks.items() if not is_ready)
            raise Problem(status=503, code="not_ready", message=f"not ready: {missing}")
        return HealthView(status="ready", version=self._version, checks=checks)


class MetricsEndpoints:
    """`/metrics`: the counts of this process as Prometheus reads them. `page` makes them."""

    def __init__(self, page: Callable[[], Awaitable[bytes]], media_type: str) -> None:
        self._page = page
        self._media_type = media_type

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one."""
        return (
            Endpoint(
                method="GET",
                path="/metrics",
                summary="What this process has counted, for Prometheus",
                run=self.show_metrics,
                right=Right.SETTING_READ,
                answer=FileAnswer,
                answer_media_type=self._media_type,
            ),
        )

    async def show_metrics(self, _: Asked) -> FileAnswer:
        """The page."""
        return FileAnswer(await self._page())
