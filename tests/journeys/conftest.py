"""Journeys through the console: a browser, and one demo that all of them share."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.journeys.server import DemoServer
from tests.journeys.visit import AXE, Visit

from maskline.console.app import BUILT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 30_000
LONGEST_S = 600
"""What no journey takes: a time-out inside the driver of the browser would break all after it."""

LOCALES = {"zh": "zh-CN", "en": "en-US"}

VisitMaker = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.network)
            item.add_marker(pytest.mark.timeout(LONGEST_S))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, headless. Skips where there is none, or no console to show.

    Its driver runs an event loop in this thread: while it lives no other test may have one.
    """
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("chromium is not installed: make peers, or apt-get install chromium")
    if not (BUILT / "index.html").exists() or not AXE.exists():
        pytest.skip("the console is not built: make console")
    with api.sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=program)
        yield shown
        shown.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A demo that runs as long as all journeys."""
    server = DemoServer(tmp_path_factory.mktemp("journeys") / "data")
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def visit(
    browser: "Browser", demo: DemoServer, request: pytest.FixtureRequest
) -> Iterator[VisitMaker]:
    """Open the console: `visit(language="en", theme="dark", role="owner")`.

    Nothing is signed in without `role`. Each visit has cookies of its own. The test fails for
    what the browser complains of, such as an error on its console or a missing text.
    """
    made: list[Visit] = []

    def make(language: str = "zh", theme: str = "light", role: str | None = None) -> Visit:
        context = browser.new_context(
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 800},
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(
            f"localStorage.getItem('maskline.language') ?? "
            f"(localStorage.setItem('maskline.language', '{language}'),"
            f" localStorage.setItem('maskline.theme', '{theme}'))"
        )
        name = request.node.originalname.removeprefix("test_")
        one = Visit(context.new_page(), demo.known["console"], name, language, theme)
        one.listen()
        made.append(one)
        if role is not None:
            one.sign_in(role)
        return one

    yield make
    for one in made:
        one.page.context.close()
    assert [complaint for one in made for complaint in one.complaints] == []
