"""Somebody new tries the platform without a line of code: bind, call, hear, see what was told."""

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker
from tests.journeys.server import DemoServer
from tests.journeys.visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.timeout(90)

ABOUT_A_CALL = ("callin", "callout", "alerting", "answer", "disconnect")
HEARD = re.compile(r"^0\.(?!0[01])\d+$")
"""A level of sound on one side: a clip has 0.1 and more, silence 0."""


def test_a_first_call_from_bind_to_ladder(visit: VisitMaker, demo: DemoServer) -> None:
    one = visit("zh", role="owner")
    one.expected.append("404.*/codes")  # the call's page asks for it also where it is not served
    page = one.page
    app, x = demo.known["apps"]["axb"]["app_key"], demo.known["apps"]["axb"]["numbers"][0]
    one.go(f"sandbox?app={app}")
    expect(page.get_by_test_id("sandbox.code.program")).to_contain_text("APP_SECRET")
    start, end = _begin(page)
    a, b = (page.get_by_test_id(f"sandbox.phone.{phone}") for phone in "ab")
    expect(a).to_have_attribute("data-state", "idle")

    page.get_by_test_id("sandbox.code.record").check()
    page.get_by_test_id("sandbox.code.run").click()
    expect(page.get_by_test_id("sandbox.exchange")).to_contain_text("HTTP 200 · 0")
    expect(page.get_by_test_id("sandbox.phone.a.number")).to_have_value(x)
    page.get_by_test_id("sandbox.phone.a.dial").click()
    expect(b).to_have_attribute("data-state", "ringing")
    expect(page.get_by_test_id("sandbox.phone.b.shows")).to_contain_text(x[-4:])
    page.get_by_test_id("sandbox.phone.b.answer").click()
    for phone in (a, b):
        expect(phone).to_have_attribute("data-state", "talking")

    page.get_by_test_id("sandbox.listen").click()
    for side in "ab":
        expect(page.get_by_test_id(f"sandbox.meter.{side}")).to_have_attribute("data-level", HEARD)
    page.get_by_test_id("sandbox.phone.a.key.7").click()
    expect(page.get_by_test_id("sandbox.guide.talk")).to_have_attribute("data-done", "true")
    expect(page.get_by_test_id("sandbox.phone.b.hears")).to_contain_text("A")
    one.stop("talking")
    page.get_by_test_id("sandbox.listen").click()

    page.get_by_test_id("sandbox.phone.b.hangup").click()
    log = page.get_by_test_id("sandbox.log")
    for name in (*ABOUT_A_CALL, "fee"):
        expect(_pushes(log, name)).to_have_count(1)
    _pushes(log, "answer").locator("summary").click()
    expect(_pushes(log, "answer")).to_contain_text("签名有效")
    expect(page.get_by_test_id("player.wave")).to_be_visible()
    one.stop("ended")

    page.get_by_test_id("sandbox.ladder").click()
    table = page.get_by_test_id("call.ladder.table")
    for leg in ("sipA", "sipB"):
        expect(table.locator(f"tr.is-{leg}", has_text="INVITE").first).to_be_visible()
    expect(table).to_contain_text("rule axb: connect")
    table.locator("tr.is-sipB", has_text="INVITE").first.get_by_role("button").click()
    message = page.get_by_test_id("call.step.message")
    expect(message).to_contain_text("INVITE sip:+86{B}@")
    expect(message).to_contain_text(f"From: <sip:{x}@{{us}}>")
    expect(message).not_to_contain_text("{A}")
    one.stop("message")
    page.keyboard.press("Escape")
    table.get_by_role("button", name="rule axb").click()
    expect(page.get_by_test_id("call.step")).to_contain_text("the direction is forbidden")
    one.stop("reasons")
    _export_calls(one, page.url.split("/calls/")[1].split("?")[0])
    one.go("sandbox")
    end.click()
    expect(start).to_be_visible()


def test_mode_x_asks_the_receiver_about_calls_and_messages(
    visit: VisitMaker, demo: DemoServer
) -> None:
    one = visit("en", "dark", role="owner")
    page = one.page
    app, x = demo.known["apps"]["x"]["app_key"], demo.known["apps"]["x"]["numbers"][0]
    one.go(f"sandbox?app={app}")
    start, end = _begin(page)
    expect(page.get_by_test_id("sandbox.phone.a.number")).to_have_value(x)
    page.get_by_test_id("sandbox.phone.a.dial").click()
    page.get_by_test_id("sandbox.phone.b.reject").click()
    log = page.get_by_test_id("sandbox.log")
    expect(_pushes(log, "callin")).to_contain_text("Block")

    page.get_by_test_id("sandbox.phone.a").locator(".sandbox-messages summary").click()
    text = page.get_by_test_id("sandbox.phone.a.text")
    text.fill("downstairs")
    text.press("Enter")
    expect(page.get_by_test_id("sandbox.phone.b.inbox")).to_contain_text("downstairs")
    for mode in ("Block", "Notify"):
        expect(_pushes(log, "smsEvent").filter(has_text=mode).first).to_be_visible()
    one.stop("mode-x")
    end.click()
    expect(start).to_be_visible()


def test_mode_axe_is_reached_by_an_extension_and_can_be_broken(
    visit: VisitMaker, demo: DemoServer
) -> None:
    one = visit("zh", "dark", role="owner")
    page = one.page
    one.go(f"sandbox?app={demo.known['apps']['axe']['app_key']}")
    start, end = _begin(page)
    page.get_by_test_id("sandbox.code.run").click()
    exchange = page.get_by_test_id("sandbox.exchange")
    expect(exchange).to_contain_text("extendNum")
    extension = re.search(r'"extendNum": "(\d+)"', exchange.inner_text())
    assert extension is not None
    page.get_by_test_id("sandbox.phone.b.dial").click()
    log = page.get_by_test_id("sandbox.log")
    expect(_pushes(log, "callin")).to_have_count(1)
    for key in f"{extension[1]}#":
        page.get_by_test_id(f"sandbox.phone.b.key.{key}").click()
    page.get_by_test_id("sandbox.phone.a.answer").click()
    expect(page.get_by_test_id("sandbox.phone.b")).to_have_attribute("data-state", "talking")
    expect(_pushes(log, "collectInfo")).to_contain_text("收号")
    page.get_by_test_id("sandbox.phone.a.hangup").click()
    page.get_by_test_id("sandbox.scenario.wrong_digest.go").click()
    broken = page.get_by_test_id("sandbox.scenario.wrong_digest")
    expect(broken).to_have_attribute("data-state", "seen")
    one.stop("axe")
    end.click()
    expect(start).to_be_visible()


def _begin(page: "Page") -> tuple["Locator", "Locator"]:
    """Begin a run; the buttons that begin and end one."""
    start, end = page.get_by_test_id("sandbox.start"), page.get_by_test_id("sandbox.end")
    expect(start.or_(end)).to_be_visible()
    if end.is_visible():  # of a try before this one
        end.click()
    start.click()
    return start, end


def _export_calls(one: Visit, session_id: str) -> None:
    """The list of calls as a file, which has this one."""
    one.go("calls")
    one.page.get_by_test_id("list.export").click()
    dialog = one.page.get_by_test_id("kit.export")
    dialog.get_by_role("radio").nth(2).check()
    dialog.get_by_role("button").last.click()
    one.page.get_by_test_id("shell.jobs").click()
    link = one.page.locator(".mk-jobs a[download]").first
    with one.page.expect_download() as begun:
        link.click()
    lines = begun.value.path().read_text().splitlines()
    assert lines[0].startswith("session_id,")
    assert any(line.startswith(unquote(session_id)) for line in lines[1:])
    assert "138 **** " in lines[1]


def _pushes(log: "Locator", name: str) -> "Locator":
    return log.locator(f'[data-kind="push"][data-name="{name}"]')
