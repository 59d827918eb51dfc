"""A prompt comes in, somebody of the platform lets it be heard, and a binding uses it."""

import math
import re
import secrets
import struct
import wave
from pathlib import Path

from playwright.sync_api import expect
from tests.journeys.conftest import VisitMaker

X = "+8617000001002"


def _sound(path: Path) -> Path:
    """Two seconds of a tone, loud enough to be heard."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        samples = (int(9000 * math.sin(at * 0.35)) for at in range(16_000))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


def test_a_prompt_is_sent_reviewed_and_used_by_a_binding(visit: VisitMaker, tmp_path: Path) -> None:
    name = f"hold-{secrets.token_hex(4)}.wav"  # another one for each try
    sender = visit("zh", role="developer")
    page = sender.page
    sender.go("prompts")
    page.get_by_test_id("prompts.upload").first.click()
    page.get_by_test_id("prompts.upload.app").select_option(label="axb")
    page.get_by_test_id("prompts.upload.file").set_input_files(_sound(tmp_path / name))
    expect(page.get_by_test_id("prompts.upload.name")).to_have_value(name)
    page.get_by_test_id("prompts.upload.go").click()
    expect(page.get_by_test_id("prompts.uploaded")).to_be_visible()
    sender.stop("sent")

    reviewer = visit("en", role="reviewer")
    reviewer.go("platform/reviews")
    waiting = reviewer.page.get_by_test_id("reviews.row").filter(has_text=name)
    waiting.get_by_role("button").first.click()
    reviewer.page.get_by_test_id("reviews.approve").click()
    expect(waiting).to_have_count(0)

    owner = visit("en", role="owner")
    page = owner.page
    owner.go(f"numbers/{X}")
    page.get_by_test_id("number.bind").click()
    page.get_by_test_id("bind.a").fill(f"+86138{secrets.randbelow(10**8):08}")
    page.get_by_test_id("bind.b").fill("+8613800006102")
    page.get_by_test_id("bind.form").locator("summary").click()
    page.get_by_test_id("bind.a_waiting_tone").fill(name)
    page.get_by_test_id("bind.submit").click()
    expect(page.get_by_test_id("bind.done")).to_be_visible()
    owner.go("prompts")
    row = page.get_by_test_id("prompts.row").filter(has_text=name)
    row.get_by_role("button", name="Open").click()
    expect(page.get_by_test_id("prompts.drawer")).to_contain_text(re.compile("bindings: [1-9]"))
    owner.stop("used")
