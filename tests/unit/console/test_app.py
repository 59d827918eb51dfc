import gzip
import re

import pytest
from tests.unit.console.browser import Browser

from maskline.console.app import create_console

SCRIPT = "assets/index-abc123.js"


@pytest.fixture
def build(tmp_path):
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<meta content="__CSP_NONCE__"><title>shell</title>')
    (folder / "signin.html").write_text("<title>sign in</title>")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / SCRIPT).write_text("let a = 1")
    (folder / f"{SCRIPT}.gz").write_bytes(gzip.compress(b"let a = 1"))
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text("{}")
    return folder


@pytest.fixture
def browser(build):
    return Browser(create_console(build))


@pytest.mark.parametrize("path", ["/", "/console"])
async def test_the_root_leads_to_the_console(browser, path):
    answer = await browser.get(path)
    assert (answer.status, answer.headers["location"]) == (307, "/console/")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/console/", "shell"),
        ("/console/calls/s-1", "shell"),
        ("/console/signin", "sign in"),
        ("/console/setup", "sign in"),
        ("/console/invitation", "sign in"),
    ],
)
async def test_every_page_of_the_console_is_one_of_two_files(browser, path, page):
    answer = await browser.get(path)
    assert answer.status == 200
    assert f"<title>{page}</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_each_answer_has_a_nonce_of_its_own_in_page_and_policy(browser):
    nonces = set()
    for _ in range(2):
        answer = await browser.get("/console/")
        nonce = re.search(r'content="([\w-]+)"', answer.text)[1]
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}'" in policy
        assert "unsafe" not in policy
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_files_with_a_hash_in_their_name_are_kept_for_ever_and_others_asked_for(browser):
    hashed = await browser.get(f"/console/{SCRIPT}")
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["content-type"] == "text/javascript; charset=utf-8"
    assert hashed.headers["x-content-type-options"] == "nosniff"
    assert (await browser.get("/console/icon.svg")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "gzip"), ("gzip;q=0", None), ("", None)]
)
async def test_a_file_comes_compressed_to_those_who_take_it(browser, accepted, encoding):
    answer = await browser.get(f"/console/{SCRIPT}", {"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    content = gzip.decompress(answer.content) if encoding else answer.content
    assert content == b"let a = 1"


@pytest.mark.parametrize(
    "name",
    [
        "assets/gone-123.js",
        "assets/../index.html",
        "assets/..%2f..%2fapp.py",
        "assets/%2e%2e/index.html",
        "gone.svg",
    ],
)
async def test_what_the_build_does_not_have_is_not_found(browser, name):
    assert (await browser.get(f"/console/{name}")).status == 404


async def test_the_build_s_own_notes_are_not_served(browser):
    assert "{}" not in (await browser.get("/console/.vite/manifest.json")).text


async def test_nothing_can_be_sent_to_the_console(browser):
    answer = await browser.ask("POST", "/console/")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_without_a_build_the_page_says_how_to_make_one(tmp_path):
    answer = await Browser(create_console(tmp_path)).get("/console/")
    assert answer.status == 503
    assert "make console" in answer.text
