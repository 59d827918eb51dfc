import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from maskline.cli import main
from maskline.commands.assignment import read_assignments
from maskline.commands.base import Group
from maskline.commands.client import ManagementClient, segment
from maskline.commands.failure import CommandFailed, Unreachable
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, table
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    TrunkChange,
)


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path):
    def run(*arguments: str, **environ: str) -> Ran:
        invocation = Invocation(environ={"MASKLINE_DATA": str(tmp_path / "var"), **environ})
        result = CliRunner().invoke(main, list(arguments), obj=invocation)
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def _demo(tmp_path: Path, **known: Any) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(json.dumps(known))


def _commands(group: click.Group, path: tuple[str, ...] = ()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = sorted(_commands(main))


def test_the_commands_that_scripts_rely_on_exist():
    promised = {
        ("app", "create"), ("app", "list"), ("app", "show"), ("app", "set"),
        ("app", "label"),
        ("number", "add"), ("number", "list"), ("binding", "list"), ("binding", "show"),
        ("call", "list"), ("call", "show"), ("call", "stop"), ("record", "list"),
        ("trunk", "add"), ("trunk", "list"), ("trunk", "show"), ("config", "show"),
        ("prompt", "add"), ("prompt", "list"), ("prompt", "show"), ("prompt", "approve"),
        ("prompt", "reject"), ("prompt", "download"), ("prompt", "remove"),
        ("config", "check"), ("serve",), ("demo", "serve"), ("demo", "call"),
    }  # fmt: skip
    assert promised <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_and_knows_the_shared_options(run, command: tuple[str, ...]):
    helped = run(*command, "--help")
    assert helped.code == 0
    for option in ("--json", "--url", "--token"):
        assert option in helped.out
    assert len(helped.out.splitlines()[2].strip()) > 10


def test_every_noun_shows_an_example():
    for name, command in main.commands.items():
        if isinstance(command, Group):
            assert f"maskline {name}" in (command.epilog or ""), name


def test_with_no_platform_known_the_exit_code_is_3_and_the_next_step_is_named(run):
    ran = run("app", "list")
    assert (ran.code, ran.out) == (3, "")
    assert "make run" in ran.err


@pytest.mark.parametrize(
    "arguments", [("--json", "app", "list"), ("app", "--json", "list"), ("app", "list", "--json")]
)
def test_json_may_stand_anywhere_and_failures_are_json_too(run, arguments: tuple[str, ...]):
    ran = run(*arguments)
    assert ran.code == 3
    assert ran.json["error"]["code"] == "unreachable"
    assert ran.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("app", "create"),
        ("app", "create", "--mode", "axz", "--name", "n"),
        ("app", "create", "--mode", "axb", "--name", "n", "--set", "pears_per_number=1"),
        ("number", "add", "--app", "k"),
        ("number", "add", "+8617010000001", "--app", "k"),
        ("trunk", "add", "t", "--host", "h", "--port", "0"),
        ("serve", "--planes", "apj"),
        ("serve", "--planes", ""),
        ("serve", "--planes", "api", "--call-workers", "2"),
        ("serve", "--workers", "2", "--call-workers", "2"),
        ("serve", "--workers", "2", "--worker", "1/2"),
    ],
)
def test_wrong_usage_is_exit_code_2_in_both_forms(run, arguments: tuple[str, ...]):
    assert run(*arguments).code == 2
    described = run(*arguments, "--json")
    assert described.code == 2
    assert described.json["error"]["code"] == "usage"


@pytest.mark.parametrize(
    "arguments",
    [("--workers", "2"), ("--delivery-workers", "1"), ("--planes", "call", "--worker", "2/2")],
)
def test_several_processes_on_sqlite_are_refused_with_what_to_set(run, arguments: tuple[str, ...]):
    ran = run("serve", *arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "cannot_run")
    assert ran.json["error"]["message"] == "several processes need PostgreSQL: set [store] url"


def test_nobody_at_the_address_is_exit_code_3(run):
    ran = run("app", "list", "--url", "http://127.0.0.1:1", "--token", "t")
    assert ran.code == 3
    assert "cannot reach maskline at http://127.0.0.1:1" in ran.err


def test_no_url_is_refused_with_its_form(run):
    ran = run("app", "list", "--url", "127.0.0.1:8080", "--token", "t")
    assert ran.code == 1
    assert "http://HOST:PORT" in ran.err


def test_the_demo_names_url_and_token(tmp_path: Path):
    _demo(tmp_path, manage="http://127.0.0.1:9/manage/v1", admin_token="secret")
    client = Invocation(environ={"MASKLINE_DATA": str(tmp_path / "var")}).client()
    assert client.base == "http://127.0.0.1:9"
    assert client._token == "secret"


def test_the_token_of_the_demo_is_not_sent_elsewhere(tmp_path: Path):
    _demo(tmp_path, manage="http://127.0.0.1:9", admin_token="secret")
    environ = {"MASKLINE_DATA": str(tmp_path / "var")}
    with pytest.raises(CommandFailed, match=r"no token is known for http://198\.51\."):
        Invocation(environ=environ, url="http://198.51.100.1").client()


def test_a_server_of_this_machine_is_found_by_its_token_file(tmp_path: Path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "admin.token").write_text("kept\n")
    environ = {"MASKLINE_DATA": str(tmp_path / "var"), "MASKLINE_HTTP_PORT": "8099"}
    client = Invocation(environ=environ).client()
    assert (client.base, client._token) == ("http://127.0.0.1:8099", "kept")


@pytest.mark.parametrize(
    ("bind", "url"),
    [
        ("::1", "http://[::1]:8099"),
        ("::", "http://[::1]:8099"),
        ("0.0.0.0", "http://127.0.0.1:8099"),
        ("192.0.2.5", "http://192.0.2.5:8099"),
    ],
)
def test_a_server_of_this_machine_is_found_wherever_it_listens(tmp_path: Path, bind: str, url: str):
    (tmp_path / "admin.token").write_text("kept\n")
    config = tmp_path / "maskline.toml"
    config.write_text(
        f'[http]\nbind = "{bind}"\nport = 8099\npublic_url = "http://m.example"\n'
        f'[store]\ndata = "{tmp_path}"\n'
    )
    client = Invocation(environ={"MASKLINE_CONFIG": str(config)}).client()
    assert (client.base, client._token) == (url, "kept")


def test_a_broken_demo_file_is_said_to_be_broken(run, tmp_path: Path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text("{")
    ran = run("app", "list")
    assert ran.code == 1
    assert "demo.json cannot be read" in ran.err


def test_config_show_prints_a_file_that_means_the_same(run, tmp_path: Path):
    shown = run("config", "show", MASKLINE_HTTP_PORT="9000", MASKLINE_ADMIN_TOKEN="hush")
    assert "port = 9000  # from MASKLINE_HTTP_PORT" in shown.out
    assert "hush" not in shown.out
    path = tmp_path / "maskline.toml"
    path.write_text(shown.out)
    again = run("config", "show", "--file", str(path), "--json").json
    assert again["http"]["port"] == 9000
    assert again["manage"]["admin_token"] == ""
    assert again["media"]["ports"] == "20000-29999"


def test_config_check_names_file_and_line(run, tmp_path: Path):
    path = tmp_path / "maskline.toml"
    path.write_text("[http]\nprot = 1\n")
    ran = run("config", "check", "--file", str(path))
    assert ran.code == 1
    assert f"{path}:2: http.prot: unknown setting; did you mean port?" in ran.err


def test_config_check_warns_of_what_is_allowed_but_odd(run, tmp_path: Path):
    path = tmp_path / "maskline.toml"
    path.write_text("[delivery]\nallow_private = true\n[media]\nengine = 'none'\n")
    ran = run("config", "check", "--file", str(path), "--json", MASKLINE_HTP_PORT="1")
    assert ran.code == 0
    assert len(ran.json["warnings"]) == 3


def test_the_schema_of_a_file_needs_no_command(run):
    ran = run("store", "migrate")
    assert ran.code == 1
    assert "store.url is empty" in ran.err


def test_a_database_that_is_not_there_is_told_with_the_next_step(run):
    url = "postgresql://u:hidden-word@127.0.0.1:1/none"
    ran = run("store", "migrate", "--json", MASKLINE_STORE_URL=url)
    assert ran.code == 1
    assert "cannot be reached" in ran.json["error"]["message"]
    assert "docs/operations.md" in ran.json["error"]["hint"]
    assert "hidden-word" not in ran.out + ran.err


def test_demo_call_without_a_demo_says_how_to_start_one(run):
    ran = run("demo", "call")
    assert ran.code == 3
    assert "make run" in ran.err


def test_demo_env_prints_what_a_shell_can_evaluate(run, tmp_path: Path):
    apps = {"axb": {"app_key": "k", "app_secret": "s'x", "numbers": ["+8617010000001"]}}
    _demo(tmp_path, api="http://127.0.0.1:9", apps=apps)
    assert run("demo", "env").out.splitlines() == [
        "export API=http://127.0.0.1:9",
        "export APP_KEY=k",
        """export APP_SECRET='s'"'"'x'""",
        "export X=+8617010000001",
    ]
    assert run("demo", "env", "--json").json["X"] == "+8617010000001"


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ("may_record=yes", True),
        ("may-record=off", False),
        ("pairs_per_number=12", 12),
        ("allowed_addresses=192.0.2.1, 198.51.100.0/24", ["192.0.2.1", "198.51.100.0/24"]),
        ("allowed_addresses=", []),
        ("status_url=none", None),
        ("status_url=https://e.example/?a=b", "https://e.example/?a=b"),
        ("name=none", "none"),
    ],
)
def test_assignments_have_the_type_of_their_field(pair: str, expected: object):
    assert list(read_assignments([pair], ApplicationChange).values()) == [expected]


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("may_record", "write KEY=VALUE"),
        ("may_record=perhaps", "true or false"),
        ("pairs_per_number=many", "whole number"),
        ("may_recorb=1", "did you mean may_record"),
    ],
)
def test_wrong_assignments_say_what_is_expected(pair: str, message: str):
    with pytest.raises(click.UsageError, match=message):
        read_assignments([pair], NewApplication)


def test_a_password_can_be_removed_by_assignment():
    assert read_assignments(["password=none"], TrunkChange) == {"password": None}


def test_a_field_of_a_part_is_set_by_its_full_name():
    pairs = ["prompts.no_binding=none.wav", "prompts.waiting-tone=none", "name=shop"]
    assert read_assignments(pairs, ApplicationChange) == {
        "prompts": {"no_binding": "none.wav", "waiting_tone": None},
        "name": "shop",
    }
    with pytest.raises(click.UsageError, match=r"did you mean prompts\.no_binding"):
        read_assignments(["prompts.nobinding=x"], ApplicationChange)


def test_columns_stay_aligned_beside_chinese_names():
    shown = table([{"name": "商店", "n": 1}, {"name": "shop", "n": True}], ("name", "n"), "")
    assert shown.splitlines() == ["NAME  N", "商店  1", "shop  yes"]
    assert table([], ("name",), "nothing") == "nothing"


def test_control_characters_of_a_name_do_not_reach_the_terminal():
    assert card({"name": "a\x1b[31mb\n"}) == "name  a?[31mb?"


def test_a_value_is_one_segment_of_a_path():
    assert segment("+86170/a?b@h") == "%2B86170%2Fa%3Fb%40h"


def test_an_unreachable_platform_is_its_own_failure():
    with pytest.raises(Unreachable):
        ManagementClient("http://127.0.0.1:1", "t").get("/tenants")
