"""A visit of the console in a browser: what is looked at, and what may not happen meanwhile."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = frozenset({"serious", "critical"})


def screenshots() -> Path:
    """Where pictures of pages are kept."""
    return Path(os.environ.get("MASKLINE_SCREENSHOTS") or ROOT / "var" / "screenshots")


@dataclass
class Visit:
    """One page in one language and theme. `url` is where the console is, with a slash at its end.

    Whatever the browser complains of is kept in `complaints`, except for what a test expects.
    """

    page: "Page"
    url: str
    name: str
    language: str = "zh"
    theme: str = "light"
    expected: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: "ConsoleMessage") -> None:
        text = f"{message.text} {message.location.get('url', '')}"
        if message.type == "error" and not any(re.search(one, text) for one in self.expected):
            self.complaints.append(text)

    def go(self, path: str = "") -> None:
        self.page.goto(self.url + path)

    def sign_in(self, role: str) -> None:
        """By a click on the demo account of that role."""
        self.go("signin")
        self.page.get_by_test_id(f"signin.demo.{role}").click()
        self.page.get_by_test_id("signin.go").click()
        self.page.get_by_test_id("shell.user").wait_for()

    def stop(self, step: str) -> None:
        """A stop on a journey: a picture is taken, and the page looked at with axe."""
        self.picture(step)
        findings = self._axe()
        assert not findings, findings

    def picture(self, step: str) -> None:
        """A picture of the page is taken."""
        folder = screenshots()
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.name}-{step}-{self.language}-{self.theme}.png"
        self.page.screenshot(path=folder / name, full_page=True)

    def _axe(self) -> list[str]:
        """What axe finds serious, as `rule: element`."""
        # By the driver, not by a script element: the page's policy allows no other script.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("() => axe.run()")
        return [
            f"{one['id']}: {node['html']} {node['failureSummary']}"
            for one in found["violations"]
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]
