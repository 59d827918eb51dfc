"""Code that sends a request of an application, in seven languages.

The templates in `snippets/` are whole programs; `{{WORD}}` stands for a literal of the language.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from maskline.sandbox.operation import Operation

SECRET_WORD = "APP_SECRET"  # noqa: S105 - stands for one
"""What code has in place of the secret: whoever may see it puts it in."""

_WORD = re.compile(r"{{(\w+)}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language: its template, the file that code goes into, and how that is run."""

    name: str
    template: str
    file_name: str
    run: str
    literal: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One program."""

    language: str
    file_name: str
    run: str
    code: str


def _in_shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _in_php(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# What is quoted is ASCII, where the escapes of JSON mean the same in these languages.
_AS_JSON = json.dumps

LANGUAGES: Mapping[str, Language] = {
    language.name: language
    for language in (
        Language(
            name="curl",
            template="curl.sh.template",
            file_name="request.sh",
            run="sh request.sh",
            literal=_in_shell,
        ),
        Language(
            name="python",
            template="python.py.template",
            file_name="request.py",
            run="python3 request.py",
            literal=_AS_JSON,
        ),
        Language(
            name="php",
            template="php.php.template",
            file_name="request.php",
            run="php request.php",
            literal=_in_php,
        ),
        Language(
            name="java",
            template="java.java.template",
            file_name="Request.java",
            run="java Request.java",
            literal=_AS_JSON,
        ),
        Language(
            name="node",
            template="node.mjs.template",
            file_name="request.mjs",
            run="node request.mjs",
            literal=_AS_JSON,
        ),
        Language(
            name="go",
            template="go.go.template",
            file_name="request.go",
            run="go run request.go",
            literal=_AS_JSON,
        ),
        Language(
            name="csharp",
            template="csharp.cs.template",
            file_name="Program.cs",
            run="dotnet run",
            literal=_AS_JSON,
        ),
    )
}


def write_snippet(
    language: Language,
    operation: Operation,
    params: Mapping[str, Any],
    *,
    base_url: str,
    app_key: str,
) -> Snippet:
    """The program that sends one request. Raises InvalidParameter."""
    body = json.dumps(params) if operation.has_body else ""
    literal = language.literal
    words = {
        "APP_KEY": literal(app_key),
        "APP_SECRET": literal(SECRET_WORD),
        "URL": literal(base_url + operation.target(app_key, params)),
        "BODY": literal(body),
        "METHOD": literal(operation.method),
        "OPERATION": operation.name,
    }
    code = _WORD.sub(lambda found: words[found[1]], _template(language.template))
    return Snippet(
        language=language.name, file_name=language.file_name, run=language.run, code=code
    )


@cache
def _template(name: str) -> str:
    return files("maskline.sandbox").joinpath("snippets", name).read_text("utf-8")
