"""Photos and A numbers of a tenant (`spec/common.md` 6, `spec/codes.md` 11)."""

from typing import Any

import pytest
from tests.unit.api.registration_world import (
    AGREED,
    FILES,
    JPG,
    NUMBERS,
    PNG,
    A,
    RegistrationWorld,
    form,
    report,
)

B = "+8613900001002"
INVALID = {"error_code": "PPT.0002", "error_msg": "Invalid Parameter."}
UPLOADED = b'{"result":"Upload Successful."}'
DELETED = b'{"result":"Delete Successful."}'


@pytest.fixture
async def world(asgi: Any) -> RegistrationWorld:
    return await RegistrationWorld(asgi).open()


@pytest.fixture
async def reviewing(asgi: Any) -> RegistrationWorld:
    """Where an operator accepts numbers, with a photo."""
    world = await RegistrationWorld(asgi).open(needs_review=True)
    await world.upload()
    return world


def told(reply: Any) -> tuple[int, str]:
    return reply.status, reply.json["error_code"]


async def test_photos_are_uploaded(world: RegistrationWorld):
    reply = await world.upload(("face.jpg", JPG), ("王小明.png", PNG))

    assert (reply.status, reply.body) == (200, UPLOADED)
    assert reply.headers["content-type"] == "application/json;charset=utf-8"
    assert await world.store.report_photo("shop", "face.jpg") == JPG
    assert await world.store.report_photo("shop", "王小明.png") == PNG


@pytest.mark.parametrize("query", ["", "agree_authorization_statement=false", "agree=true"])
async def test_without_consent_nothing_is_created(world: RegistrationWorld, query: str):
    await world.upload()
    for reply in (
        await world.upload(("two.jpg", JPG), query=query),
        await world.register(report(), query=query),
    ):
        assert (reply.status, reply.json) == (400, INVALID)
    assert (await world.find_files()).json["total"] == 1
    assert (await world.find_numbers()).json["total"] == 0


async def test_consent_may_be_written_as_programs_print_it(world: RegistrationWorld):
    assert (await world.upload(query="agree_authorization_statement=True")).status == 200


async def test_photos_at_fault_are_told_and_the_others_kept(world: RegistrationWorld):
    await world.upload()
    large = JPG.ljust(32_769)
    reply = await world.upload(
        ("good.jpg", JPG.ljust(32_768)),
        ("face.jpg", JPG),
        ("large.jpg", large),
        ("letter.jpg", b"dear customer"),
        ("x" * 65 + ".jpg", JPG),
    )

    assert reply.status == 400
    failed = reply.json.pop("failedFiles")
    assert {name: reply.json[name] for name in INVALID} == INVALID
    assert [one["file"] for one in failed] == ["face.jpg", "large.jpg", "letter.jpg", "x" * 64]
    reasons = [one["failReason"] for one in failed]
    assert reasons == [
        "a file of this name was uploaded before",
        "file: is over 32768 bytes",
        "file: is no JPG or PNG file",
        "fileName: 1 to 64 characters",
    ]
    names = [one["fileName"] for one in (await world.find_files()).json["files"]]
    assert names == ["face.jpg", "good.jpg"]


@pytest.mark.parametrize("count", [0, 11])
async def test_an_upload_has_one_to_ten_photos(world: RegistrationWorld, count: int):
    content_type, body = form(*[(f"{n}.jpg", JPG) for n in range(count)])
    headers = {"Content-Type": content_type}
    reply = await world.send("POST", FILES, body, query=AGREED, headers=headers)

    assert (reply.status, reply.json) == (400, INVALID)
    assert (await world.find_files()).json["total"] == 0


async def test_ten_photos_of_the_largest_size_come_in_pieces(world: RegistrationWorld):
    photos = [(f"{n}.jpg", JPG.ljust(32_768)) for n in range(10)]

    assert (await world.upload(*photos, chunks=7)).body == UPLOADED
    assert (await world.find_files(size=100)).json["total"] == 10


async def test_an_upload_without_bound_is_refused(world: RegistrationWorld):
    reply = await world.upload(("huge.jpg", JPG.ljust(4_000_001)), chunks=50)

    assert (reply.status, reply.json) == (400, INVALID)


@pytest.mark.parametrize(
    ("content_type", "field_name"),
    [
        ("application/json", "files"),
        ("", "files"),
        ("multipart/form-data", "files"),
        (None, "file"),
    ],
)
async def test_an_upload_that_is_no_form_with_files_is_refused(
    world: RegistrationWorld, content_type: str | None, field_name: str
):
    right, body = form(("face.jpg", JPG), field_name=field_name)
    headers = {"Content-Type": right if content_type is None else content_type}
    reply = await world.send("POST", FILES, body, query=AGREED, headers=headers)

    assert (reply.status, reply.json) == (400, INVALID)


async def test_photos_are_found_by_time_and_name(world: RegistrationWorld):
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        await world.upload((name, JPG))
        world.clock.step(60)

    async def names(**asked: Any) -> list[str]:
        reply = await world.find_files(**asked)
        assert reply.status == 200
        return [one["fileName"] for one in reply.json["files"]]

    reply = await world.find_files(size=1)
    first = {"createTime": "2026-07-29 12:00:00", "fileName": "a.jpg"}
    assert reply.json == {"total": 3, "files": [first]}
    assert await names() == ["a.jpg", "b.jpg", "c.jpg"]
    assert await names(page=2, size=2) == ["c.jpg"]
    assert await names(page=9) == []
    assert await names(fileName="b.jpg") == ["b.jpg"]
    assert await names(fileName="b") == []
    assert await names(startTime="2026-07-29 12:01:00") == ["b.jpg", "c.jpg"]
    assert await names(stopTime="2026-07-29 12:01:00") == ["a.jpg", "b.jpg"]
    at = "2026-07-29 12:01:00"
    assert await names(startTime=at, stopTime=at, fileName="") == ["b.jpg"]


async def test_a_page_has_ten_unless_told_otherwise(world: RegistrationWorld):
    await world.upload(*[(f"{n}.jpg", JPG) for n in range(10)])
    await world.upload(("last.jpg", JPG))

    assert len((await world.find_files()).json["files"]) == 10
    assert len((await world.find_files(size=100)).json["files"]) == 11


@pytest.mark.parametrize(
    "asked",
    [
        {"page": None},
        {"page": 0},
        {"page": "x"},
        {"page": 1_000_001},
        {"size": 0},
        {"size": 101},
        {"startTime": "2026-07-29"},
        {"startTime": "2026-07-29T12:00:00Z"},
        {"stopTime": "2026-02-30 00:00:00"},
        {"stopTime": 5},
        {"fileName": "x" * 65},
        {"fileName": ["a.jpg"]},
        {"fileName": "a\nb"},
    ],
)
async def test_a_query_of_files_out_of_its_rules_is_refused(world: RegistrationWorld, asked: Any):
    reply = await world.find_files(**asked)

    assert (reply.status, reply.json) == (400, INVALID)


async def test_photos_are_deleted_when_no_number_has_them(world: RegistrationWorld):
    await world.upload(("face.jpg", JPG), ("free.jpg", JPG))
    await world.register(report())

    used = await world.delete_files("free.jpg", "face.jpg")
    assert used.json == {"error_code": "PPT.00017", "error_msg": "Voice have been used."}
    assert used.status == 400
    lost = await world.delete_files("free.jpg", "lost.jpg")
    assert lost.json == {"error_code": "PPT.00011", "error_msg": "Resource not exist."}
    reply = await world.delete_files("free.jpg")
    assert (reply.status, reply.body) == (200, DELETED)
    assert [one["fileName"] for one in (await world.find_files()).json["files"]] == ["face.jpg"]


@pytest.mark.parametrize("names", [[], ["a"] * 11, [1.5], [None], [""], ["x" * 65], "a.jpg", None])
async def test_a_list_of_files_out_of_its_rules_is_refused(world: RegistrationWorld, names: Any):
    reply = await world.send("DELETE", FILES, {"files": names})

    assert reply.status == 400
    assert reply.json["error_code"] in {"PPT.0002", "PPT.00011"}


async def test_a_number_is_registered_at_once(world: RegistrationWorld):
    await world.upload()
    reply = await world.register(report())

    assert (reply.status, reply.body) == (200, b'{"result":"Create Successful."}')
    found = await world.find_numbers()
    assert found.json == {"total": 1, "numbers": [{"number": A, "reportStatus": 0}]}
    assert await world.desk.is_registered("shop", A)


async def test_a_landline_is_registered_to_who_handles_it(world: RegistrationWorld):
    await world.upload()
    landline = report("+8675528000001", numberType=2)

    refused = await world.register(landline)
    (failed,) = refused.json["failedNumbers"]
    assert failed["failReason"].startswith("operatorNumber: a mobile number")
    assert (await world.register(landline | {"operatorNumber": B})).status == 200


async def test_a_number_goes_from_in_progress_to_failed_or_registered(reviewing: RegistrationWorld):
    await reviewing.register(report(A), report(B))
    assert [one["reportStatus"] for one in (await reviewing.find_numbers()).json["numbers"]] == [
        2,
        2,
    ]

    await reviewing.desk.reject("shop", A, "names do not match")
    await reviewing.desk.accept("shop", B)

    assert (await reviewing.find_numbers()).json["numbers"] == [
        {"number": A, "reportStatus": 1, "failReason": "names do not match"},
        {"number": B, "reportStatus": 0},
    ]


async def test_the_carriers_rules_refuse_reports_by_number(reviewing: RegistrationWorld):
    await reviewing.register(report())
    running = await reviewing.register(report(B), report())
    assert running.json == {
        "error_code": "PPT.00039",
        "error_msg": "Operation failed.",
        "failedNumbers": [{"number": A, "failReason": "the number is being verified"}],
    }
    assert running.status == 400
    assert (await reviewing.find_numbers()).json["total"] == 1

    await reviewing.desk.reject("shop", A, "no")
    locked = await reviewing.register(report())
    assert "locked until 2026-07-30 12:00:00 UTC" in locked.json["failedNumbers"][0]["failReason"]
    reviewing.clock.step(24 * 3600)
    await reviewing.register(report())
    await reviewing.desk.reject("shop", A, "no")
    banned = await reviewing.register(report())
    assert told(banned) == (400, "PPT.00039")
    assert "banned" in banned.json["failedNumbers"][0]["failReason"]


async def test_reports_at_fault_are_told_by_number_and_field_and_none_is_kept(
    world: RegistrationWorld,
):
    await world.upload()
    reply = await world.register(
        report(), report(B, identityCard=None), report("139", name="x"), report(B, name=" " * 3)
    )

    assert told(reply) == (400, "PPT.0002")
    assert reply.json["failedNumbers"] == [
        {"number": B, "failReason": "identityCard: 1 to 20 characters"},
        {"number": "139", "failReason": "number: global form, at most 20 characters"},
        {"number": B, "failReason": "name: 1 to 50 characters"},
    ]
    assert (await world.find_numbers()).json["total"] == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": 1.5}, "number"),
        ({"number": None}, "number"),
        ({"numberType": 3}, "numberType"),
        ({"numberType": None}, "numberType"),
        ({"numberType": 2}, "numberType"),
        ({"name": ["x"]}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"identityCard": "1" * 21}, "identityCard"),
        ({"liveFaceImage": ""}, "liveFaceImage"),
        ({"liveFaceImage": {}}, "liveFaceImage"),
    ],
)
async def test_each_field_of_a_report_has_its_rule(
    world: RegistrationWorld, changes: dict[str, Any], field: str
):
    reply = await world.register(report(**changes))

    assert told(reply) == (400, "PPT.0002")
    assert reply.json["failedNumbers"][0]["failReason"].startswith(f"{field}: ")


async def test_numbers_written_as_json_numbers_or_texts_are_read(world: RegistrationWorld):
    await world.upload()
    reply = await world.register(report(numberType="1", identityCard=110105194912310021, more="x"))

    assert reply.status == 200
    assert (await world.desk.find("shop", A)).report.identity_card == "110105194912310021"


async def test_a_photo_that_was_not_uploaded_is_told(world: RegistrationWorld):
    reply = await world.register(report())

    assert told(reply) == (400, "PPT.00011")
    assert reply.json["failedNumbers"] == [
        {"number": A, "failReason": "the photo was not uploaded"}
    ]


@pytest.mark.parametrize(
    "numbers", [[], [report()] * 11, ["+8613900001001"], {}, None, "x", [None]]
)
async def test_a_registration_has_one_to_ten_reports(world: RegistrationWorld, numbers: Any):
    reply = await world.send("POST", NUMBERS, {"numbers": numbers}, query=AGREED)

    assert (reply.status, reply.json) == (400, INVALID)


async def test_numbers_are_found_by_number_and_status(reviewing: RegistrationWorld):
    await reviewing.register(report(A), report(B))
    await reviewing.desk.accept("shop", B)

    async def numbers(**asked: Any) -> list[str]:
        reply = await reviewing.find_numbers(**asked)
        assert reply.status == 200
        return [one["number"] for one in reply.json["numbers"]]

    assert await numbers() == [A, B]
    assert await numbers(number=[B, "+8613900009999"]) == [B]
    assert await numbers(number=[]) == [A, B]
    assert await numbers(reportStatus=0) == [B]
    assert await numbers(reportStatus="2") == [A]
    assert await numbers(number=[A], reportStatus=1) == []
    reply = await reviewing.find_numbers(page=2, size=1)
    assert (reply.json["total"], len(reply.json["numbers"])) == (2, 1)


@pytest.mark.parametrize(
    "asked",
    [
        {"page": None},
        {"size": 101},
        {"number": A},
        {"number": ["139"]},
        {"number": [A] * 101},
        {"reportStatus": 3},
        {"reportStatus": "failed"},
    ],
)
async def test_a_query_of_numbers_out_of_its_rules_is_refused(world: RegistrationWorld, asked: Any):
    reply = await world.find_numbers(**asked)

    assert (reply.status, reply.json) == (400, INVALID)


async def test_numbers_are_deleted_all_or_none(world: RegistrationWorld):
    await world.upload()
    await world.register(report(A), report(B))

    assert told(await world.delete_numbers(A, "+8613900009999")) == (400, "PPT.00011")
    assert told(await world.delete_numbers("139")) == (400, "PPT.0002")
    assert told(await world.delete_numbers(*[A] * 11)) == (400, "PPT.0002")
    assert (await world.find_numbers()).json["total"] == 2
    reply = await world.delete_numbers(A)
    assert (reply.status, reply.body) == (200, DELETED)
    assert [one["number"] for one in (await world.find_numbers()).json["numbers"]] == [B]


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"\xff", b'{"page":'])
async def test_a_body_that_is_no_json_object_is_refused(world: RegistrationWorld, body: bytes):
    for method, path in (
        ("DELETE", FILES),
        ("POST", f"{FILES}/query"),
        ("POST", NUMBERS),
        ("DELETE", NUMBERS),
        ("POST", f"{NUMBERS}/query"),
    ):
        reply = await world.send(method, path, body, query=AGREED)
        assert (reply.status, reply.json) == (400, INVALID)
    reply = await world.send("POST", f"{NUMBERS}/query", b" " * 65_537)
    assert (reply.status, reply.json) == (400, INVALID)
