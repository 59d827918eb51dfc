"""The X call outcome table: what is decided before the customer is asked (`spec/x.md` 1-3)."""

from maskline.domain.application import ApplicationState
from maskline.domain.customer_answer import cannot_follow
from maskline.domain.outcome_table import (
    Row,
    Situation,
    always,
    is_caller_landline,
    is_number_unavailable,
    is_tenant_frozen,
    refuse_outright,
    refuse_without_permission,
)
from maskline.domain.plan import AskCustomer, Refuse
from maskline.domain.release import ReleaseCode


def _is_suspended(situation: Situation) -> bool:
    return situation.application.state is not ApplicationState.NORMAL


def _has_no_calls(situation: Situation) -> bool:
    return not situation.application.may_call


def _is_nobody_to_ask(situation: Situation) -> bool:
    return not situation.application.status_url


def _refuse_unasked(situation: Situation) -> Refuse:
    return cannot_follow(situation.application)


def _ask(_: Situation) -> AskCustomer:
    return AskCustomer()


X_TABLE = (
    Row(
        "the tenant is frozen",
        is_tenant_frozen,
        refuse_without_permission(ReleaseCode.TENANT_FROZEN),
    ),
    Row(
        "the application is suspended",
        _is_suspended,
        refuse_without_permission(ReleaseCode.NO_PERMISSION),
    ),
    Row(
        "the application has no calls",
        _has_no_calls,
        refuse_without_permission(ReleaseCode.NO_CALL_ABILITY),
    ),
    Row("X is unavailable", is_number_unavailable, refuse_outright(ReleaseCode.NUMBER_UNAVAILABLE)),
    Row(
        "the caller is a landline",
        is_caller_landline,
        refuse_outright(ReleaseCode.LANDLINE_CALLER),
    ),
    Row("there is nobody to ask", _is_nobody_to_ask, _refuse_unasked),
    Row("the customer decides", always, _ask),
)
