"""Texts stay what they are in the literals of every language."""

import ast
import json
import shlex

from maskline.domain.application import Mode
from maskline.sandbox.operation import OPERATIONS
from maskline.sandbox.snippet import LANGUAGES, write_snippet

BIND = next(one for one in OPERATIONS[Mode.AXB] if one.name == "bind")
NASTY = {"callerNum": "+8613800000001", "userData": "a'b\"c\\d$HOME`id`${x}{y}\n中文 😀"}


def _written(language: str) -> str:
    snippet = write_snippet(
        LANGUAGES[language], BIND, NASTY, base_url="https://here:8443", app_key="key"
    )
    return snippet.code


def test_a_shell_script_sends_the_very_parameters():
    (line,) = [line for line in _written("curl").splitlines() if line.startswith("BODY=")]
    assert json.loads(shlex.split(line.removeprefix("BODY="))[0]) == NASTY


def test_a_python_program_sends_the_very_parameters():
    for node in ast.parse(_written("python")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BODY":
            assert json.loads(ast.literal_eval(node.value)) == NASTY
            return
    raise AssertionError("no body")


def test_a_php_program_quotes_what_it_must_and_nothing_else():
    (line,) = [line for line in _written("php").splitlines() if line.startswith("$body")]
    literal = line.removeprefix("$body = '").removesuffix("';")
    assert json.loads(literal.replace("\\'", "'").replace("\\\\", "\\")) == NASTY


def test_no_word_is_left_and_the_secret_is_one_for_the_reader_to_fill_in():
    for language in LANGUAGES:
        code = _written(language)
        assert "{{" not in code
        assert "APP_SECRET" in code
        assert "https://here:8443/rest/caas/relationnumber/partners/v1.0" in code
