"""The settings that we ship for several machines are ones that maskline takes."""

import tomllib
from pathlib import Path

import pytest
import yaml

from maskline.settings import Settings

DEPLOY = Path(__file__).parents[3] / "deploy"
CHART = yaml.safe_load((DEPLOY / "helm" / "maskline" / "values.yaml").read_text())
SHIPPED = {
    "systemd": (DEPLOY / "maskline.toml").read_text(),
    "compose": (DEPLOY / "compose" / "maskline.toml").read_text(),
    "helm": CHART["config"],
}


@pytest.mark.parametrize("text", SHIPPED.values(), ids=SHIPPED)
def test_shipped_settings_are_read_and_say_how_to_pass_an_edge(tmp_path: Path, text: str):
    path = tmp_path / "maskline.toml"
    path.write_text(text)
    settings = Settings.load({}, path)
    assert settings.sip.edges
    assert settings.calls.drain_s == 300
    assert settings.http.public_url.startswith("https://")


@pytest.mark.parametrize("name", ["compose", "helm"])
def test_containers_answer_for_their_health_where_they_are_asked(name: str):
    assert tomllib.loads(SHIPPED[name])["metrics"] == {"bind": "0.0.0.0", "port": 9464}
