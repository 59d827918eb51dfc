"""Endpoints of orders of numbers, for the platform: decisions, and issuing."""

from msgspec import Struct

from maskline.domain.access import Right
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.order import PATH, OrderView, view_order
from maskline.services.enterprise_request import DossierApproval, Reason, Revision
from maskline.services.order import OrderDesk
from maskline.services.order_request import HandIssue


class OrderRejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why not, for the tenant to read."""

    reason: Reason
    revision: Revision | None = None


class OrderReviewEndpoints:
    """What reviewers and operators do with orders."""

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        verbs = (
            ("approve", self.approve_order, DossierApproval, "Work on an order from now on"),
            ("reject", self.reject_order, OrderRejection, "Refuse an order, for a reason"),
            (
                "close",
                self.close_order,
                OrderRejection,
                "End an order that is worked on; what is issued of it stays",
            ),
            (
                "issue",
                self.issue_order,
                None,
                "Issue from stock what is missing; asked twice it issues nothing twice",
            ),
            (
                "issue-by-hand",
                self.issue_order_by_hand,
                HandIssue,
                "Issue numbers that are not in stock, for a line of an order",
            ),
        )
        return tuple(
            Endpoint(
                method="POST",
                path=f"{PATH}/{verb}",
                summary=summary,
                run=run,
                right=Right.ORDER_REVIEW,
                body=body,
                answer=OrderView,
                refusals=(404, 409),
            )
            for verb, run, body, summary in verbs
        )

    async def approve_order(self, asked: Asked) -> OrderView:
        """Work on an order."""
        approval: DossierApproval = asked.body
        return view_order(await self._desk.approve(asked.path["order_id"], approval.revision))

    async def reject_order(self, asked: Asked) -> OrderView:
        """Refuse an order."""
        rejection: OrderRejection = asked.body
        rejected = await self._desk.reject(
            asked.path["order_id"], rejection.reason, rejection.revision
        )
        return view_order(rejected)

    async def close_order(self, asked: Asked) -> OrderView:
        """End an order."""
        rejection: OrderRejection = asked.body
        return view_order(await self._desk.close(asked.path["order_id"], rejection.reason))

    async def issue_order(self, asked: Asked) -> OrderView:
        """Issue from stock."""
        return view_order(await self._desk.issue(asked.path["order_id"], asked.caller.name))

    async def issue_order_by_hand(self, asked: Asked) -> OrderView:
        """Issue other numbers."""
        by = asked.caller.name
        issued = await self._desk.issue_by_hand(asked.path["order_id"], asked.body, by)
        return view_order(issued)
