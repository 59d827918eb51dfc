from tests.unit.manage.operating import NOW, Operator

from maskline.domain.application_secret import SecretUse
from maskline.manage.application_secret import ApplicationSecretEndpoints

V1 = "/manage/v1"
HOUR_S = 3_600


async def _renewed(operator: Operator, path: str, grace_s: int) -> dict:
    answer = await operator.ask("POST", path, {"grace_s": grace_s})
    assert answer.status == 201
    return answer.json


async def test_a_renewed_secret_leaves_the_old_one_its_grace(operator: Operator):
    made = await operator.create_application()
    path = f"{V1}/applications/{made['app_key']}/secrets"
    new = await _renewed(operator, path, HOUR_S)
    assert new["app_secret"] != made["app_secret"]
    await operator.store.save_secret_uses(
        [SecretUse(app_key=made["app_key"], secret_id="first", used_at=NOW, address="192.0.2.9")]
    )
    listed = await operator.ask("GET", path)
    assert new["app_secret"].encode() not in listed.content
    present, former = listed.json["items"]
    assert (present["secret_id"], present["is_current"]) == (new["secret_id"], True)
    assert (former["is_current"], former["used_from"]) == (False, "192.0.2.9")
    operator.clock.step(HOUR_S)
    assert len((await operator.ask("GET", path)).json["items"]) == 1


async def test_grace_is_ended_early_but_never_the_present_secret(operator: Operator):
    app_key = (await operator.create_application())["app_key"]
    path = f"{V1}/applications/{app_key}/secrets"
    new = await _renewed(operator, path, HOUR_S)
    assert (await operator.ask("DELETE", f"{path}/first")).status == 204
    assert (await operator.ask("DELETE", f"{path}/first")).status == 404
    refused = await operator.ask("DELETE", f"{path}/{new['secret_id']}")
    assert (refused.status, refused.error["code"]) == (409, "refused")


async def test_only_so_many_secrets_work_at_once_and_none_of_them_without_grace(
    operator: Operator,
):
    app_key = (await operator.create_application())["app_key"]
    path = f"{V1}/applications/{app_key}/secrets"
    for _ in range(3):
        await _renewed(operator, path, HOUR_S)
    assert (await operator.ask("POST", path, {"grace_s": HOUR_S})).status == 409
    assert (await operator.ask("POST", path, {"grace_s": 5})).error["field"] == "grace_s"
    assert (await _renewed(operator, path, 0))["former"] == []


def test_a_person_shows_the_password_again_first():
    endpoints = ApplicationSecretEndpoints(None, None, None).endpoints()
    assert [one.needs_step_up for one in endpoints] == [False, True, True]
