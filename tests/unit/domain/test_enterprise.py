from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maskline.domain.activation import NEXT as ACTIVATION_NEXT
from maskline.domain.activation import Activation, ActivationForm, ActivationState
from maskline.domain.dossier import StateForbids
from maskline.domain.enterprise import (
    NEXT,
    Enterprise,
    EnterpriseForm,
    EnterpriseState,
    Paper,
    PaperKind,
    media_type_of,
    missing_of,
)
from maskline.domain.error import InvalidParameter

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _enterprise(state: EnterpriseState = EnterpriseState.DRAFT, **form: object) -> Enterprise:
    return Enterprise(
        dossier_id="e",
        tenant_id="t",
        created_at=NOW,
        since=NOW,
        state=state,
        form=EnterpriseForm(**form),  # pyright: ignore[reportArgumentType]
    )


def _activation(state: ActivationState) -> Activation:
    return Activation(dossier_id="t", tenant_id="t", created_at=NOW, since=NOW, state=state)


def test_a_letter_of_authority_is_good_until_the_midnight_behind_its_last_day_in_the_zone():
    approved = _enterprise(EnterpriseState.APPROVED, authority_until=date(2026, 12, 31))
    midnight = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert approved.is_usable(midnight - timedelta(microseconds=1), SHANGHAI)
    assert approved.is_expired(midnight, SHANGHAI)
    assert not approved.is_usable(midnight, SHANGHAI)


def test_what_is_changed_of_an_approved_enterprise_has_to_be_approved_again():
    changed = _enterprise(EnterpriseState.APPROVED).edit(EnterpriseForm(), (), NOW)
    assert changed.state is EnterpriseState.DRAFT
    waiting = changed.submit(NOW)
    with pytest.raises(StateForbids):
        waiting.edit(EnterpriseForm(), (), NOW)
    assert waiting.withdraw(NOW).state is EnterpriseState.DRAFT


def test_a_rejected_enterprise_shows_why_until_it_is_submitted_again():
    rejected = _enterprise(EnterpriseState.WAITING).reject("seal missing", NOW)
    corrected = rejected.edit(EnterpriseForm(name="Taxi"), (), NOW)
    assert (corrected.state, corrected.reason) == (EnterpriseState.REJECTED, "seal missing")
    assert corrected.submit(NOW).reason == ""


def test_every_state_of_enterprises_and_forms_is_reached():
    assert frozenset[EnterpriseState]().union(*NEXT.values()) == frozenset(EnterpriseState)
    reached = frozenset[ActivationState]().union(*ACTIVATION_NEXT.values())
    assert reached | {ActivationState.NEEDED} == frozenset(ActivationState)


def test_what_is_missing_is_named():
    missing = missing_of(_enterprise(name="Taxi"))
    assert "name" not in missing
    assert {"licence_code", "licence", "authority_until"} <= set(missing)
    assert "bearer_authority" not in missing
    assert "bearer_authority" in missing_of(_enterprise(is_third_party=True))
    assert "other" not in missing


def test_files_are_known_by_their_content():
    assert media_type_of(PaperKind.LICENCE, b"%PDF-1.7 ...") == "application/pdf"
    assert media_type_of(PaperKind.OTHER, b"PK\x03\x04...") == "application/zip"
    png = b"\x89PNG\r\n\x1a\n"
    for kind, content in (
        (PaperKind.LICENCE, b"PK\x03\x04..."),
        (PaperKind.LICENCE, b"<html>"),
        (PaperKind.LICENCE, png + bytes(2_000_000)),
        (PaperKind.OTHER, b""),
    ):
        with pytest.raises(InvalidParameter):
            media_type_of(kind, content)
    assert media_type_of(PaperKind.OTHER, png + bytes(2_000_000)) == "image/png"


def test_prohibited_business_again_restricts_a_tenant_until_an_operator_lifts_it():
    form = ActivationForm(company="Loans")
    waiting = _activation(ActivationState.NEEDED).submit(form, NOW)
    rejected = waiting.reject("loans are prohibited", NOW, is_prohibited=True)
    assert rejected.state is ActivationState.REJECTED
    again = rejected.submit(form, NOW).reject("still", NOW, is_prohibited=True)
    assert (again.state, again.reason) == (ActivationState.RESTRICTED, "still")
    with pytest.raises(StateForbids):
        again.submit(form, NOW)
    lifted = again.lift(NOW)
    assert (lifted.state, lifted.prohibited) == (ActivationState.REJECTED, 0)
    assert lifted.submit(form, NOW).approve(NOW).may_order


def test_prohibited_business_of_an_enterprise_counts_too():
    once = _activation(ActivationState.APPROVED).count_prohibited("loans", NOW)
    assert (once.state, once.prohibited) == (ActivationState.APPROVED, 1)
    assert once.count_prohibited("loans", NOW).state is ActivationState.RESTRICTED


def test_an_enterprise_whose_agent_is_erased_needs_another_one():
    paper = Paper(
        kind=PaperKind.AGENT_FRONT,
        object_name="o",
        name="n",
        media_type="image/png",
        size=1,
        uploaded_at=NOW,
    )
    approved = _enterprise(EnterpriseState.APPROVED, agent_name="Ann", agent_phone="+8613800000001")
    erased = approved.edit(approved.form, (paper,), NOW).without_agent(NOW)
    assert (erased.form.agent_name, erased.form.agent_phone, erased.papers) == ("", "", ())
    assert erased.state is EnterpriseState.DRAFT
