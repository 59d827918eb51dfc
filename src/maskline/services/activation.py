"""Activation forms: what tenants that signed up submit, and what reviewers decide."""

from msgspec.structs import asdict

from maskline.domain.activation import Activation, ActivationForm, ActivationState, Industry
from maskline.domain.error import CustomerError, InvalidParameter, UnknownRecord
from maskline.services.clock import Clock
from maskline.services.dossier_store import DossierStore
from maskline.services.enterprise_request import ActivationSurvey


class NotActivated(CustomerError):
    """The tenant may not order yet, or no more."""


class ActivationDesk:
    """The verbs. All raise StoreBusy, StoreFailed, RecordChanged; UnknownRecord without a form."""

    def __init__(self, store: DossierStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def begin(self, tenant_id: str) -> Activation:
        """A tenant needs an activation from now on. Raises DuplicateRecord."""
        now = self._clock.now()
        needed = Activation(
            dossier_id=tenant_id,
            tenant_id=tenant_id,
            created_at=now,
            since=now,
            state=ActivationState.NEEDED,
        )
        await self._store.add_dossier(needed)
        return needed

    async def find(self, tenant_id: str) -> Activation:
        """The form of a tenant."""
        found = await self._store.dossier(Activation, tenant_id)
        if found is None:
            raise UnknownRecord("this tenant needs no activation: an operator has made it")
        return found

    async def require(self, tenant_id: str) -> None:
        """Whether a tenant may add enterprises and order. Raises NotActivated."""
        found = await self._store.dossier(Activation, tenant_id)
        if found is None or found.may_order:
            return
        if found.state is ActivationState.RESTRICTED:
            raise NotActivated(f"the tenant is restricted: {found.reason}; ask the operator")
        raise NotActivated(f"the activation is {found.state}; it has to be approved first")

    async def submit(self, tenant_id: str, survey: ActivationSurvey) -> Activation:
        """Send the form, or a corrected one. Raises InvalidParameter, StateForbids."""
        if not survey.accepts_rules:
            raise InvalidParameter("accepts_rules", "the rules of use have to be accepted")
        if survey.industry is Industry.OTHER and not survey.other_industry.strip():
            raise InvalidParameter("other_industry", "says which industry it is")
        given = asdict(survey)
        del given["accepts_rules"]
        found = await self.find(tenant_id)
        return await self._save(found.submit(ActivationForm(**given), self._clock.now()))

    async def approve(self, tenant_id: str, revision: int | None = None) -> Activation:
        """Find the form good. Raises StateForbids."""
        found = (await self.find(tenant_id)).looked_at(revision)
        return await self._save(found.approve(self._clock.now()))

    async def reject(
        self, tenant_id: str, reason: str, revision: int | None = None, *, is_prohibited: bool
    ) -> Activation:
        """Refuse the form; prohibited business again restricts the tenant. Raises StateForbids."""
        found = (await self.find(tenant_id)).looked_at(revision)
        now = self._clock.now()
        return await self._save(found.reject(reason, now, is_prohibited=is_prohibited))

    async def count_prohibited(self, tenant_id: str, reason: str) -> None:
        """An enterprise of a tenant was rejected for prohibited business.

        A tenant without a form has one from the first time on, so that it counts.
        """
        found = await self._store.dossier(Activation, tenant_id)
        now = self._clock.now()
        if found is not None:
            await self._save(found.count_prohibited(reason, now))
            return
        approved = Activation(
            dossier_id=tenant_id,
            tenant_id=tenant_id,
            created_at=now,
            since=now,
            state=ActivationState.APPROVED,
            prohibited=1,
        )
        await self._store.add_dossier(approved)

    async def restrict(self, tenant_id: str, reason: str) -> Activation:
        """Let a tenant add no enterprises and order nothing; one that is restricted stays so."""
        found = await self._store.dossier(Activation, tenant_id)
        now = self._clock.now()
        if found is not None:
            is_new = found.state is not ActivationState.RESTRICTED
            return await self._save(found.restrict(reason, now)) if is_new else found
        restricted = Activation(
            dossier_id=tenant_id,
            tenant_id=tenant_id,
            created_at=now,
            since=now,
            state=ActivationState.RESTRICTED,
            reason=reason,
        )
        await self._store.add_dossier(restricted)
        return restricted

    async def lift(self, tenant_id: str) -> Activation:
        """Restrict a tenant no more. Raises StateForbids."""
        return await self._save((await self.find(tenant_id)).lift(self._clock.now()))

    async def urge(self, tenant_id: str) -> Activation:
        """Ask for the review. Raises StateForbids, UrgedAlready."""
        return await self._save((await self.find(tenant_id)).urge(self._clock.now()))

    async def _save(self, activation: Activation) -> Activation:
        await self._store.save_dossier(activation)
        return activation
