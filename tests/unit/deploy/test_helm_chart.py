"""The chart, its templates filled in by hand: what it makes is YAML that Kubernetes would read."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from maskline.commands.serve import PLANES

CHART = Path(__file__).parents[3] / "deploy" / "helm" / "maskline"
TEMPLATES = sorted((CHART / "templates").glob("*.yaml"))
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
HELPERS = (CHART / "templates" / "_helpers.tpl").read_text()
ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
CONTROL = re.compile(r"^\s*\{\{-?\s*(if|range|end|define|/\*).*?\}\}\n", re.MULTILINE | re.DOTALL)
DEFINED = dict(
    re.findall(r'\{\{- define "([\w.]+)" -\}\}\n(.*?)\n\{\{- end \}\}', HELPERS, re.DOTALL)
)


def value(path: str) -> Any:
    found: Any = VALUES
    for part in path.split("."):
        found = found[part]
    return found


def fill(template: str) -> str:
    """As Helm does for a release `r`, but for conditions and loops, whose body stands once."""
    return ACTION.sub(lambda action: _evaluate(action[1]), CONTROL.sub("", template))


def _evaluate(action: str) -> str:
    first, *steps = [step.strip() for step in action.split("|")]
    included = re.match(r'include "([\w.]+)"', first)
    named = re.search(r"\.Values\.([\w.]+)", first)
    if included:
        text = fill(DEFINED[included[1]])
    elif named:
        found = value(named[1])
        text = yaml.safe_dump(found) if first.startswith("toYaml") else str(found)
    else:
        text = "r"
    for step in steps:
        if step.startswith("nindent"):
            pad = " " * int(step.split()[1])
            text = "".join(f"\n{pad}{line}" for line in text.splitlines())
        elif step == "quote":
            text = f'"{text}"'
        elif step == "sha256sum":
            text = "0" * 64
        elif step.startswith("default"):
            text = text or "default"
    return text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_template_makes_objects_with_name_and_kind(template: Path):
    text = template.read_text()
    opened = len(re.findall(r"\{\{-? (?:if|range) ", text))
    assert opened == len(re.findall(r"\{\{-? end ", text))
    for made in yaml.safe_load_all(fill(text)):
        assert {"apiVersion", "kind", "metadata"} <= set(made)
        assert made["metadata"]["name"].startswith("r-")


def pods() -> dict[str, dict[str, Any]]:
    made = [
        made for template in TEMPLATES for made in yaml.safe_load_all(fill(template.read_text()))
    ]
    return {
        one["metadata"]["labels"]["app.kubernetes.io/component"]: one["spec"]
        for one in made
        if one["kind"] in {"Deployment", "StatefulSet"}
    }


def test_every_part_has_its_pods_and_labels_that_find_them():
    started = [
        container["args"][2]
        for spec in pods().values()
        for container in spec["template"]["spec"]["containers"]
        if container["args"][0] == "serve"
    ]
    assert {plane for planes in started for plane in planes.split(",")} == set(PLANES)
    for spec in pods().values():
        wanted = spec["selector"]["matchLabels"].items()
        assert wanted <= spec["template"]["metadata"]["labels"].items()


@pytest.mark.parametrize("name", ["api", "call", "messages", "delivery"])
def test_pods_of_the_platform_have_no_rights_and_are_asked_for_their_health(name: str):
    pod = pods()[name]["template"]["spec"]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "metrics"}
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    volumes = {volume["name"] for volume in pod["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in pods()[name].get("volumeClaimTemplates", ())}
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_the_chart_holds_no_secret():
    for file in (*TEMPLATES, CHART / "values.yaml"):
        assert not re.search(r"^kind: Secret", file.read_text(), re.MULTILINE)
    assert "secretRef" in HELPERS
