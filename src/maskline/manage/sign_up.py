"""The open endpoint by which strangers become customers, where that is switched on."""

from typing import Annotated

from msgspec import Meta, Struct

from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.services.sign_up import SignUp, SignUpDesk, TooManySignUps

Text = Annotated[str, Meta(min_length=1, max_length=128)]


class SignUpForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A company that wants to be a customer, and its first person."""

    company: Text
    login: Text
    name: Text
    password: Annotated[str, Meta(max_length=1_000)]
    language: Text | None = None
    zone: Text | None = None


class SignUpView(Struct, frozen=True, kw_only=True):
    """The tenant and its owner, who signs in next and sends the activation form."""

    tenant_id: str
    login: str


class SignUpEndpoints:
    """Without a desk there is no sign-up."""

    def __init__(self, desk: SignUpDesk | None) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one."""
        return (
            Endpoint(
                method="POST",
                path="/sign-up",
                summary="Become a customer: a tenant that waits for its activation, and its owner",
                run=self.sign_up,
                body=SignUpForm,
                answer=SignUpView,
                status=201,
                is_open=True,
                is_recorded=False,
                refusals=(403, 409, 429),
            ),
        )

    async def sign_up(self, asked: Asked) -> SignUpView:
        """Become a customer."""
        form: SignUpForm = asked.body
        if self._desk is None:
            raise Problem(
                status=403,
                code="no_sign_up",
                message="nobody signs up here by himself",
                hint="ask the operator for an invitation",
            )
        wanted = SignUp(
            company=form.company,
            login=form.login,
            name=form.name,
            password=form.password,
            language=form.language,
            zone=form.zone,
        )
        try:
            user = await self._desk.sign_up(wanted, asked.address)
        except TooManySignUps as error:
            raise Problem(
                status=429, code="too_many", message=str(error), hint="try again in an hour"
            ) from error
        return SignUpView(tenant_id=user.tenant_id or "", login=user.login)
