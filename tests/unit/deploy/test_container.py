"""What the images and the compose file promise: no secret, no root, a network of their own."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from maskline.commands.serve import PLANES

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
IMAGES = sorted((DEPLOY / "docker").glob("*Dockerfile"))
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY", re.IGNORECASE)


def instructions(image: Path) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, with their arguments on one line."""
    text = re.sub(r"^#.*\n", "", image.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line.strip()]


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.name)
def test_an_image_has_no_secret_and_ends_without_root(image: Path):
    found = instructions(image)
    users = [argument for name, argument in found if name == "USER"]
    assert users
    assert users[-1].split(":")[0] not in {"root", "0"}
    for name, argument in found:
        if name in {"ENV", "ARG"}:
            assert not SECRET.search(argument)


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.name)
def test_what_an_image_copies_exists_and_is_sent_to_the_builder(image: Path):
    sent = image.with_name(f"{image.name}.dockerignore").read_text().splitlines()
    for name, argument in instructions(image):
        if name != "COPY" or argument.startswith("--from="):
            continue
        for source in argument.split()[:-1]:
            assert (ROOT / source).exists()
            assert f"!{source}" in sent


def test_the_image_of_the_platform_asks_itself_for_its_health():
    found = dict(instructions(DEPLOY / "docker" / "Dockerfile"))
    assert "/healthz" in found["ENV"]
    assert "HEALTH_URL" in found["HEALTHCHECK"]


def test_the_image_installs_what_the_tests_ran_with():
    pinned = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
    image = dict(pinned.findall((ROOT / "requirements" / "image.txt").read_text()))
    tested = dict(pinned.findall((ROOT / "requirements" / "dev.txt").read_text()))
    assert {"psycopg", "minio"} <= set(image)
    assert {name: tested.get(name) for name in image} == image


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())


def test_every_part_runs_and_what_it_needs_exists(compose: dict[str, Any]):
    services = compose["services"]
    started = [service["command"] for service in services.values() if "command" in service]
    planes = [command[2] for command in started if command[0] == "serve"]
    assert {plane for named in planes for plane in named.split(",")} == set(PLANES)
    assert planes.count("call") == 2
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        if "build" in service:
            assert (DEPLOY / "compose" / service["build"]["context"]).resolve() == ROOT
            assert (ROOT / service["build"]["dockerfile"]).exists()
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            is_file = source.startswith("./")
            assert (
                (DEPLOY / "compose" / source).exists() if is_file else source in compose["volumes"]
            )


def test_secrets_come_from_outside_and_must_be_given(compose: dict[str, Any]):
    text = (DEPLOY / "compose" / "compose.yaml").read_text()
    for name, value in re.findall(r"^\s+(\w+): (\S.*)$", text, re.MULTILINE):
        if SECRET.search(name):
            assert re.search(r"\$\{\w+:\?", value), name
    example = (DEPLOY / "compose" / ".env.example").read_text()
    for name in re.findall(r"\$\{(\w+):\?", text):
        assert f"\n{name}=" in example


def test_addresses_lie_in_the_network_and_nobody_shares_one(compose: dict[str, Any]):
    [inside] = compose["networks"]["inside"]["ipam"]["config"]
    network = ip_network(inside["subnet"])
    addresses = {
        name: ip_address(service["networks"]["inside"]["ipv4_address"])
        for name, service in compose["services"].items()
        if "networks" in service
    }
    assert all(address in network for address in addresses.values())
    assert len({*addresses.values(), ip_address(inside["gateway"])}) == len(addresses) + 1
    listed = (DEPLOY / "compose" / "edge" / "dispatcher.list").read_text()
    # The second of two workers takes the next port.
    assert f"1 sip:{addresses['call-1']}:5060 " in listed
    assert f"1 sip:{addresses['call-2']}:5061 " in listed
