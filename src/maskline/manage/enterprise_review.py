"""Endpoints of enterprises, for reviewers: who the people are, what the files show, decisions."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from maskline.domain.access import Right
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.enterprise import PATH, EnterpriseEndpoints, EnterpriseView
from maskline.services.enterprise import EnterpriseDesk
from maskline.services.enterprise_request import DossierApproval, DossierRejection


class EnterprisePeopleView(Struct, frozen=True, kw_only=True):
    """The people of an enterprise in the clear, for who compares them with the files."""

    enterprise_id: str
    legal_name: str
    agent_name: str
    agent_phone: str


class EnterpriseReviewEndpoints:
    """What reviewers do; each look is kept in the audit log, without what was seen."""

    def __init__(self, desk: EnterpriseDesk, shown: EnterpriseEndpoints) -> None:
        self._desk = desk
        self._shown = shown

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path=f"{PATH}/people",
                summary="The people of an enterprise in the clear; each look is recorded",
                run=self.show_enterprise_people,
                right=Right.ENTERPRISE_REVIEW,
                answer=EnterprisePeopleView,
                is_download=True,
                audited=_looked,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/papers/{{paper_id}}",
                summary="What a file of an enterprise shows; each look is recorded",
                run=self.download_paper,
                right=Right.ENTERPRISE_REVIEW,
                answer=FileAnswer,
                answer_media_type="application/octet-stream",
                is_download=True,
                audited=_looked,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/approve",
                summary="Find an enterprise good: numbers may be ordered for it",
                run=self.approve_enterprise,
                right=Right.ENTERPRISE_REVIEW,
                body=DossierApproval,
                answer=EnterpriseView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/reject",
                summary="Refuse an enterprise, for a reason; prohibited business restricts",
                run=self.reject_enterprise,
                right=Right.ENTERPRISE_REVIEW,
                body=DossierRejection,
                answer=EnterpriseView,
                refusals=(404, 409),
            ),
        )

    async def show_enterprise_people(self, asked: Asked) -> EnterprisePeopleView:
        """The people of an enterprise."""
        found = await self._desk.find(asked.path["enterprise_id"])
        form = found.form
        return EnterprisePeopleView(
            enterprise_id=found.dossier_id,
            legal_name=form.legal_name,
            agent_name=form.agent_name,
            agent_phone=form.agent_phone,
        )

    async def download_paper(self, asked: Asked) -> FileAnswer:
        """What a file shows."""
        path = asked.path
        _, content = await self._desk.content(path["enterprise_id"], path["paper_id"])
        return FileAnswer(content)

    async def approve_enterprise(self, asked: Asked) -> EnterpriseView:
        """Find it good."""
        approval: DossierApproval = asked.body
        enterprise_id = asked.path["enterprise_id"]
        return self._shown.view(await self._desk.approve(enterprise_id, approval.revision))

    async def reject_enterprise(self, asked: Asked) -> EnterpriseView:
        """Refuse it."""
        rejected = await self._desk.reject(asked.path["enterprise_id"], asked.body)
        return self._shown.view(rejected)


def _looked(asked: Asked) -> Mapping[str, Any]:
    """What the audit log says of a look."""
    return dict(asked.path)
