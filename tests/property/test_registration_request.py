"""No request, however broken, makes the registration interfaces fail."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.api.conftest import Reply, call_asgi
from tests.unit.api.registration_world import AGREED, FILES, NUMBERS, A, RegistrationWorld, form

from maskline.api.multipart import read_form

PATHS = st.sampled_from(
    [
        ("POST", FILES),
        ("DELETE", FILES),
        ("POST", f"{FILES}/query"),
        ("POST", NUMBERS),
        ("DELETE", NUMBERS),
        ("POST", f"{NUMBERS}/query"),
    ]
)
FIELDS = st.sampled_from(
    [
        "page",
        "size",
        "startTime",
        "stopTime",
        "fileName",
        "files",
        "numbers",
        "number",
        "numberType",
        "name",
        "identityCard",
        "liveFaceImage",
        "operatorNumber",
        "reportStatus",
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from([A, "face.jpg", 1, 2, "2026-07-29 12:00:00", "9999-12-31 23:59:59"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=7),
    max_leaves=20,
)
HEADER = st.text(st.characters(max_codepoint=0xFF, exclude_characters="\r\n\0"), max_size=200)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters='"\\'), min_size=1)
patient = settings(deadline=None)  # the machine may be busy with other tests


async def _ask(
    method: str, path: str, body: bytes, *, query: str = AGREED, content_type: str = ""
) -> Reply:
    world = await RegistrationWorld(call_asgi).open()
    await world.upload()
    return await world.send(method, path, body, query=query, headers={"Content-Type": content_type})


def _check(reply: Reply) -> None:
    assert reply.status in {200, 400}
    assert reply.body.isascii()
    if reply.status == 400:
        assert reply.json["error_code"].startswith("PPT.")
        assert reply.json["error_code"] != "PPT.0001"


@patient
@given(PATHS, JSON)
def test_any_json_has_an_answer(operation: tuple[str, str], body: Any):
    _check(asyncio.run(_ask(*operation, json.dumps(body).encode())))


@patient
@given(PATHS, st.dictionaries(FIELDS, JSON, max_size=7), st.text(max_size=40))
def test_any_object_and_query_has_an_answer(operation: tuple[str, str], body: Any, query: str):
    query = AGREED + query.encode("ascii", "ignore").decode()
    _check(asyncio.run(_ask(*operation, json.dumps(body).encode(), query=query)))


@patient
@given(PATHS, st.binary(max_size=200), HEADER)
def test_any_bytes_have_an_answer(operation: tuple[str, str], body: bytes, content_type: str):
    _check(asyncio.run(_ask(*operation, body, content_type=content_type)))


@patient
@given(st.data())
def test_a_damaged_form_has_an_answer(data: st.DataObject):
    content_type, body = form(("one.jpg", b"\xff\xd8\xff 1"), ("two.png", b"\x89PNG\r\n\x1a\n 2"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body)))
        body = body[:place] + data.draw(st.binary(max_size=8)) + body[place + 2 :]
    _check(asyncio.run(_ask("POST", FILES, body, content_type=content_type)))


@patient
@given(HEADER, HEADER)
def test_any_head_of_a_part_is_read_or_refused(disposition: str, content_type: str):
    body = f"--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n1\r\n--x--".encode()
    for header in ("multipart/form-data; boundary=x", f"multipart/form-data; {content_type}"):
        try:
            parts = read_form(header, body, 9)
        except ValueError:
            continue
        assert all(isinstance(part.name, str) for part in parts)


@patient
@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["C", "Z"], exclude_characters='"\\/%'), min_size=1
            ),
            st.binary(max_size=300).filter(lambda content: b"--5f3a" not in content),
        ),
        min_size=1,
        max_size=10,
    )
)
def test_what_was_sent_is_what_is_read(files: list[tuple[str, bytes]]):
    content_type, body = form(*files)
    read = [(part.filename, part.content) for part in read_form(content_type, body, 10)]
    assert read == files
