"""Forms as clients write them (RFC 7578)."""

import pytest

from maskline.api.multipart import MAX_PART_HEAD, Part, read_form

FORM = "multipart/form-data; boundary=xyz"


def form(*parts: tuple[str, bytes], end: bytes = b"--xyz--\r\n") -> bytes:
    """Each part: what follows `form-data` in its disposition, and its content."""
    written = b""
    for disposition, content in parts:
        head = f"Content-Disposition: form-data{disposition}\r\n\r\n".encode()
        written += b"--xyz\r\n" + head + content + b"\r\n"
    return written + end


def test_fields_and_files_come_in_their_order():
    body = form(('; name="note"', b"hello"), ('; name="files"; filename="a.jpg"', b"\xff\xd8"))
    assert read_form(FORM, body, 9) == (
        Part("note", None, b"hello"),
        Part("files", "a.jpg", b"\xff\xd8"),
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\r\n", b"\n\r\n\r", b"\r\n--xy\r\n", b"-xyz\r\n--", bytes(range(256)), b"\r\n\r\n"],
)
def test_content_comes_as_it_was_sent(content: bytes):
    (part,) = read_form(FORM, form(('; name="files"; filename="a"', content)), 9)
    assert part.content == content


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('; name="files"; filename="王小明.jpg"', "王小明.jpg"),
        ("; name=files; filename=a.jpg", "a.jpg"),
        ("; filename*=UTF-8''%E7%8E%8B.jpg; name=files", "王.jpg"),
        ("; name=files; filename*=UTF-8''%E7%8E%8B.jpg; filename=\"%E7%8E%8B.jpg\"", "王.jpg"),
        ("; name=files; filename=\"_.jpg\"; filename*=utf-8''%E7%8E%8B.jpg", "王.jpg"),
        ('; name="files"; filename="a \\"b\\".jpg"', 'a "b".jpg'),
        ("; name=files; filename*=no-charset''a.jpg", "a.jpg"),
        ('; NAME="files"; FileName="A.JPG"', "A.JPG"),
    ],
)
def test_names_are_read_in_every_spelling(disposition: str, filename: str):
    (part,) = read_form(FORM, form((disposition, b"")), 9)
    assert (part.name, part.filename) == ("files", filename)


def test_preamble_epilogue_and_a_quoted_boundary_are_read():
    body = b"a preamble\r\n" + form(('; name="a"', b"1")) + b"an epilogue"
    assert read_form('Multipart/Form-Data; charset=utf-8; boundary="xyz"', body, 9) == (
        Part("a", None, b"1"),
    )
    assert read_form(FORM, b"--xyz--", 9) == ()


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=xyz",
        "multipart/form-data; boundary=" + "x" * 71,
        "multipart/form-data; boundary=xyz; a=" + "x" * 512,
        "multipart/form-data; boundary*=no-charset''xyz",
        "multipart/form-data; boundary=王",
    ],
)
def test_what_is_no_form_is_refused(content_type: str):
    with pytest.raises(ValueError, match=r"form|boundary|part|type|name|decode|encode|null"):
        read_form(content_type, form(('; name="a"', b"1")).replace(b"xyz", b"x" * 71), 9)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--xyz",
        b"--xyz\r\n",
        b"--xyz\r\n\r\n\r\n--xyz--",
        form(('; name="a"', b"1"), end=b""),
        form(('; name="a"', b"1"), end=b"--xyzz--"),
        form(("", b"1")),
        form(('; name="a"', b"1")).replace(b"form-data", b"attachment"),
        form(('; name="a"', b"1")).replace(b"\r\n", b"\n"),
        form(('; name="a"', b"1")).replace(b"--xyz\r\n", b"--xyz junk\r\n"),
        form((f'; name="{"x" * MAX_PART_HEAD}"', b"1")),
        form(("; name=a; filename*=no-charset\0''a", b"1")),
        form(('; name="a"', b"1")).replace(b'"a"', b'"\xff"'),
    ],
)
def test_a_form_out_of_its_frame_is_refused(body: bytes):
    with pytest.raises(ValueError, match=r"form|boundary|part|type|name|decode|encode|null"):
        read_form(FORM, body, 9)


def test_a_form_has_so_many_parts_at_most():
    parts = [('; name="a"', b"1")] * 9
    assert len(read_form(FORM, form(*parts), 9)) == 9
    with pytest.raises(ValueError, match="too many parts"):
        read_form(FORM, form(*parts), 8)
