from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.services.order_world import PNG, OrderWorld

from maskline.domain.activation import ActivationState
from maskline.domain.dossier import RecordChanged, StateForbids
from maskline.domain.enterprise import EnterpriseState, PaperKind
from maskline.domain.error import InvalidParameter, TenantFull, UnknownRecord
from maskline.services import enterprise as enterprise_module
from maskline.services.activation import NotActivated
from maskline.services.enterprise import Incomplete
from maskline.services.enterprise_request import DossierRejection, EnterpriseFields, NewEnterprise


@pytest.fixture
async def world(tmp_path: Path) -> OrderWorld:
    return await OrderWorld(tmp_path).open()


async def test_an_enterprise_is_reviewed_once_nothing_is_missing(world: OrderWorld):
    made = await world.enterprises.create("left", NewEnterprise(accepts_statement=True))
    with pytest.raises(Incomplete) as missing:
        await world.enterprises.submit(made.dossier_id, "left")
    assert {"name", "licence"} <= set(missing.value.missing)
    whole = await world.enterprise()
    waiting = await world.enterprises.submit(whole.dossier_id, "left")
    assert waiting.state is EnterpriseState.WAITING
    approved = await world.enterprises.approve(whole.dossier_id, waiting.revision)
    assert approved.state is EnterpriseState.APPROVED


async def test_without_the_statement_nothing_begins(world: OrderWorld):
    with pytest.raises(InvalidParameter):
        await world.enterprises.create("left", NewEnterprise(accepts_statement=False))


async def test_files_are_sealed_and_one_of_a_kind_replaces_the_one_before(world: OrderWorld):
    made = await world.enterprise()
    [before] = [paper for paper in made.papers if paper.kind is PaperKind.LICENCE]
    assert PNG[:8] not in world.sealed(before)
    _, content = await world.enterprises.content(made.dossier_id, before.object_name)
    assert content == PNG
    changed = await world.upload(made, PaperKind.LICENCE)
    assert len(changed.papers) == len(made.papers)
    assert ("papers", before.object_name) not in world.folder.kept
    [licence] = [paper for paper in changed.papers if paper.kind is PaperKind.LICENCE]
    await world.enterprises.discard(made.dossier_id, licence.object_name, "left")
    assert ("papers", licence.object_name) not in world.folder.kept
    with pytest.raises(UnknownRecord):
        await world.enterprises.content(made.dossier_id, licence.object_name)


async def test_what_cannot_be_kept_leaves_no_file(
    world: OrderWorld, monkeypatch: pytest.MonkeyPatch
):
    made = await world.enterprise()
    kept = dict(world.folder.kept)
    own = {"tenant_id": "left"}
    upload, its_id, licence = world.enterprises.upload, made.dossier_id, PaperKind.LICENCE
    for name, content in (("scan.png", b"<html>"), ("../scan.png", PNG), ("", PNG)):
        with pytest.raises(InvalidParameter):
            await upload(its_id, licence, name, content, **own)
    with pytest.raises(UnknownRecord):
        await upload(its_id, licence, "scan.png", PNG, tenant_id="right")
    monkeypatch.setattr(enterprise_module, "MAX_OTHER_PAPERS", 0)
    with pytest.raises(TenantFull):
        await upload(its_id, PaperKind.OTHER, "more.zip", b"PK\x03\x04", **own)
    await world.enterprises.submit(its_id, "left")
    with pytest.raises(StateForbids):
        await upload(its_id, licence, "scan.png", PNG, **own)
    assert world.folder.kept == kept


async def test_a_rejected_enterprise_is_corrected_and_submitted_again(world: OrderWorld):
    made = await world.enterprise()
    waiting = await world.enterprises.submit(made.dossier_id, "left")
    with pytest.raises(RecordChanged):
        await world.enterprises.approve(made.dossier_id, waiting.revision - 1)
    rejection = DossierRejection(reason="the seal is not legible", revision=waiting.revision)
    rejected = await world.enterprises.reject(made.dossier_id, rejection)
    assert (rejected.state, rejected.reason) == (EnterpriseState.REJECTED, rejection.reason)
    await world.upload(rejected, PaperKind.LICENCE)
    again = await world.enterprises.submit(made.dossier_id, "left")
    assert again.state is EnterpriseState.WAITING


async def test_a_letter_that_has_ended_is_not_reviewed(world: OrderWorld):
    made = await world.enterprise(authority_until=date(2026, 11, 24))
    with pytest.raises(InvalidParameter):
        await world.enterprises.submit(made.dossier_id, "left")
    today = EnterpriseFields(authority_until=date(2026, 11, 25))
    await world.enterprises.edit(made.dossier_id, today, "left")
    waiting = await world.enterprises.submit(made.dossier_id, "left")
    assert waiting.state is EnterpriseState.WAITING


async def test_prohibited_business_again_restricts_the_tenant(world: OrderWorld):
    rejection = DossierRejection(reason="loans", is_prohibited=True)
    for _ in range(2):
        made = await world.enterprise()
        await world.enterprises.submit(made.dossier_id, "left")
        await world.enterprises.reject(made.dossier_id, rejection)
    found = await world.activations.find("left")
    assert (found.state, found.reason) == (ActivationState.RESTRICTED, "loans")
    with pytest.raises(NotActivated):
        await world.enterprises.create("left", NewEnterprise(accepts_statement=True))
    lifted = await world.activations.lift("left")
    assert replace(lifted, reason="").prohibited == 0
