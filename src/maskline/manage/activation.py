"""Endpoints of activation forms."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.activation import (
    Activation,
    ActivationState,
    BearerKind,
    Industry,
    Nature,
)
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, view_items
from maskline.services.activation import ActivationDesk
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.enterprise_request import ActivationSurvey, DossierApproval, DossierRejection

PATH = "/tenants/{tenant_id}/activation"


class ActivationQuery(ListQuery, frozen=True, kw_only=True):
    """Activation forms, newest first by when they came into their state; or the oldest first."""

    tenant_id: str | None = None
    state: ActivationState | None = None
    oldest_first: bool = False


class ActivationFormView(Struct, frozen=True, kw_only=True):
    """What a tenant said."""

    company: str
    nature: Nature | None
    industry: Industry | None
    other_industry: str
    bearer_kind: BearerKind | None
    bearer_name: str
    scene: str
    script: str


class ActivationView(Struct, frozen=True, kw_only=True):
    """The activation of a tenant; `state` null: an operator made it, and it needs none.

    Only where `may_order` it adds enterprises and orders numbers.
    """

    tenant_id: str
    state: ActivationState | None
    may_order: bool
    revision: int | None = None
    form: ActivationFormView | None = None
    reason: str = ""
    prohibited: int = 0
    created_at: datetime | None = None
    since: datetime | None = None
    urged_at: datetime | None = None


class ActivationEndpoints:
    """What tenants and reviewers do."""

    def __init__(self, store: DossierStore, desk: ActivationDesk) -> None:
        self._store = store
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._asking(), *self._deciding())

    def _reading(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/activations",
                summary="Activation forms, those first that came into their state last",
                run=self.list_activations,
                right=Right.ENTERPRISE_READ,
                query=ActivationQuery,
                answer=Items[ActivationView],
            ),
            Endpoint(
                method="GET",
                path=PATH,
                summary="Whether a tenant may order, and its activation form",
                run=self.show_activation,
                right=Right.ENTERPRISE_READ,
                answer=ActivationView,
            ),
        )

    def _asking(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="PUT",
                path=PATH,
                summary="Send the activation form, or a corrected one, for its review",
                run=self.submit_activation,
                right=Right.ENTERPRISE_WRITE,
                body=ActivationSurvey,
                answer=ActivationView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/urge",
                summary="Ask once more for the review of the form, once an hour",
                run=self.urge_activation,
                right=Right.ENTERPRISE_WRITE,
                answer=ActivationView,
                refusals=(404, 409),
            ),
        )

    def _deciding(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/approve",
                summary="Let a tenant add enterprises and order",
                run=self.approve_activation,
                right=Right.ENTERPRISE_REVIEW,
                body=DossierApproval,
                answer=ActivationView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/reject",
                summary="Refuse a form, for a reason; prohibited business again restricts",
                run=self.reject_activation,
                right=Right.ENTERPRISE_REVIEW,
                body=DossierRejection,
                answer=ActivationView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/lift",
                summary="Restrict a tenant no more: it may correct its form",
                run=self.lift_activation,
                right=Right.TENANT_WRITE,
                answer=ActivationView,
                refusals=(404, 409),
            ),
        )

    async def list_activations(self, asked: Asked) -> Items[ActivationView]:
        """Activation forms."""
        query: ActivationQuery = asked.query
        wanted = DossierFilter(
            tenant_id=query.tenant_id, state=query.state, oldest_first=query.oldest_first
        )
        found = await self._store.dossiers(Activation, wanted, query.page)
        return view_items(found, _view)

    async def show_activation(self, asked: Asked) -> ActivationView:
        """The activation of a tenant."""
        tenant_id = asked.path["tenant_id"]
        found = await self._store.dossier(Activation, tenant_id)
        if found is None:
            return ActivationView(tenant_id=tenant_id, state=None, may_order=True)
        return _view(found)

    async def submit_activation(self, asked: Asked) -> ActivationView:
        """Send the form."""
        return _view(await self._desk.submit(asked.path["tenant_id"], asked.body))

    async def urge_activation(self, asked: Asked) -> ActivationView:
        """Ask once more."""
        return _view(await self._desk.urge(asked.path["tenant_id"]))

    async def approve_activation(self, asked: Asked) -> ActivationView:
        """Let a tenant order."""
        approval: DossierApproval = asked.body
        return _view(await self._desk.approve(asked.path["tenant_id"], approval.revision))

    async def reject_activation(self, asked: Asked) -> ActivationView:
        """Refuse a form."""
        rejection: DossierRejection = asked.body
        rejected = await self._desk.reject(
            asked.path["tenant_id"],
            rejection.reason,
            rejection.revision,
            is_prohibited=rejection.is_prohibited,
        )
        return _view(rejected)

    async def lift_activation(self, asked: Asked) -> ActivationView:
        """Restrict a tenant no more."""
        return _view(await self._desk.lift(asked.path["tenant_id"]))


def _view(activation: Activation) -> ActivationView:
    form = activation.form
    return ActivationView(
        tenant_id=activation.tenant_id,
        state=activation.state,
        may_order=activation.may_order,
        revision=activation.revision,
        form=ActivationFormView(
            company=form.company,
            nature=form.nature,
            industry=form.industry,
            other_industry=form.other_industry,
            bearer_kind=form.bearer_kind,
            bearer_name=form.bearer_name,
            scene=form.scene,
            script=form.script,
        ),
        reason=activation.reason,
        prohibited=activation.prohibited,
        created_at=activation.created_at,
        since=activation.since,
        urged_at=activation.urged_at,
    )
