"""New secrets for applications, and the end of old ones. Pure but for ids."""

from dataclasses import replace
from datetime import datetime, timedelta

from maskline.domain.application import Application
from maskline.domain.application_secret import GRACES_S, MAX_FORMER_SECRETS, FormerSecret
from maskline.domain.error import CustomerError, InvalidParameter, UnknownRecord
from maskline.services.ids import Ids

APP_SECRET_LENGTH = 36
SECRET_ID_LENGTH = 8


class SecretsInGrace(CustomerError):
    """As many earlier secrets work as may."""


class SecretNeeded(CustomerError):
    """The present secret can only be replaced."""


def renewed_application(
    application: Application, ids: Ids, now: datetime, grace_s: int
) -> Application:
    """The application with a new secret, beside which the present one works for `grace_s`.

    With 0 no earlier one works any more. Raises InvalidParameter, SecretsInGrace.
    """
    if grace_s not in GRACES_S:
        raise InvalidParameter("grace_s", f"one of {', '.join(map(str, GRACES_S))}")
    former: tuple[FormerSecret, ...] = ()
    if grace_s:
        present = FormerSecret(
            secret_id=application.secret_id,
            secret=application.secret,
            created_at=application.secret_since,
            valid_until=now + timedelta(seconds=grace_s),
        )
        former = (present, *application.former_secrets_at(now))
    if len(former) > MAX_FORMER_SECRETS:
        raise SecretsInGrace(
            f"{MAX_FORMER_SECRETS} earlier secrets still work; end one of them first"
        )
    return replace(
        application,
        secret=ids.token(APP_SECRET_LENGTH),
        secret_id=ids.token(SECRET_ID_LENGTH),
        secret_created_at=now,
        former_secrets=former,
    )


def without_secret(application: Application, secret_id: str) -> Application:
    """The application once an earlier secret works no more.

    Raises SecretNeeded for the present one, UnknownRecord.
    """
    if secret_id == application.secret_id:
        raise SecretNeeded("this is the present secret: make a new one, with or without grace")
    former = tuple(one for one in application.former_secrets if one.secret_id != secret_id)
    if len(former) == len(application.former_secrets):
        raise UnknownRecord(f"the application has no secret {secret_id}")
    return replace(application, former_secrets=former)
