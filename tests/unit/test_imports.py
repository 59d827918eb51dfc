"""Imports point inwards: the rule of the architecture, executed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import maskline

SOURCE = Path(maskline.__file__).parent

# What each part may import, by the longest matching name. A part may always import itself.
ALLOWED = {
    "domain": ("domain",),
    "services": ("domain", "services"),
    "protocols": ("protocols",),
    "stores": ("domain", "services", "stores"),
    "storages": ("domain", "services", "protocols.recording", "storages"),
    "planes": ("domain", "services", "protocols", "planes"),
    "api": ("domain", "services", "api"),
    "manage": ("domain", "services", "manage"),
    "lab": ("domain", "protocols", "services.clock", "services.ids", "lab"),
    # Lab phones for developers: the management API has them where the sandbox is switched on.
    "sandbox": ("domain", "protocols", "services", "lab", "sandbox"),
    "manage.sandbox": ("domain", "services", "sandbox", "manage"),
    "manage.sandbox_view": ("domain", "sandbox"),
    "manage.snippet": ("domain", "sandbox", "manage"),
    "console": (),
    "http_server": (),
    "monitoring": ("domain", "services", "protocols.sip", "planes", "monitoring"),
    "settings": ("settings_source", "settings_store", "settings_nats", "settings_workers",
                 "settings_monitoring", "settings_journal", "settings_log",
                 "settings_messages", "settings_sandbox", "settings_accounts",
                 "settings_numbers", "settings_business",
                 "settings_ordering", "settings_address"),
    "settings_accounts": (),
    "settings_address": (),
    "settings_business": (),
    "settings_ordering": (),
    "settings_log": (),
    "settings_meaning": (),
    "settings_messages": (),
    "settings_monitoring": (),
    "settings_nats": (),
    "settings_numbers": (),
    "settings_sandbox": (),
    "settings_source": ("domain.error",),
    "settings_store": (),
    "settings_workers": (),
    "log_file": (),
    "telemetry": ("domain.number", "settings_log", "log_file"),
    "commands": ("domain", "services.administration_request", "services.binding_form",
                 "services.billing.request", "services.call_rule_request",
                 "services.enterprise_request", "services.sms_link_request",
                 "services.stock_request",
                 "settings", "settings_source", "telemetry", "bootstrap", "lab.demo", "commands"),
}  # fmt: skip

# The composition roots: they know everything.
ROOTS = ("bootstrap", "cli", "__main__", "lab.demo")

# Imports inside functions, each with its reason.
DEFERRED = {
    "commands.serve": "a client command must not pay for the servers' libraries",
    "commands.store": "likewise",
    "commands.lab": "likewise",
    "bootstrap.store": "psycopg is an extra",
}


@dataclass(frozen=True)
class Import:
    importer: str
    imported: str
    line: int
    is_deferred: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def _module(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_imports(source: str, importer: str, modules: frozenset[str]) -> Iterator[Import]:
    """Imports of our own modules, without the leading `maskline.`."""

    def visit(node: ast.AST, *, is_deferred: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside = is_deferred or isinstance(
                child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
            )
            for name in _names(child, modules):
                yield Import(importer, name, getattr(child, "lineno", 0), is_deferred)
            yield from visit(child, is_deferred=inside)

    yield from visit(ast.parse(source), is_deferred=False)


def _names(node: ast.AST, modules: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are written in full"
        # `from maskline.lab import demo` is a module, `from maskline.lab.demo import f` a name.
        full = [f"{node.module}.{alias.name}" for alias in node.names]
        names = [name if name in modules else str(node.module) for name in full]
    else:
        return
    for name in dict.fromkeys(names):
        if name == "maskline" or name.startswith("maskline."):
            yield name.removeprefix("maskline").removeprefix(".")


def _is_under(module: str, part: str) -> bool:
    return module == part or module.startswith(part + ".")


def violations(imports: Iterator[Import]) -> list[str]:
    """What breaks the direction, or hides in a function without a reason."""
    found: list[str] = []
    for one in imports:
        if one.is_deferred and one.importer not in DEFERRED:
            found.append(f"{one} inside a function or class")
        if not one.imported or any(_is_under(one.importer, root) for root in ROOTS):
            continue
        rules = [part for part in ALLOWED if _is_under(one.importer, part)]
        if not rules:
            found.append(f"{one}, and has no rule: add it to ALLOWED")
        elif not any(_is_under(one.imported, part) for part in ALLOWED[max(rules, key=len)]):
            found.append(f"{one}, which points outwards")
    return found


PATHS = {path: _module(path) for path in sorted(SOURCE.rglob("*.py"))}
MODULES = frozenset(f"maskline.{module}" for module in PATHS.values() if module)


def test_all_imports_point_inwards():
    found = [
        violation
        for path, module in PATHS.items()
        for violation in violations(read_imports(path.read_text(), module, MODULES))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("importer", "source", "expected"),
    [
        ("domain.number", "from maskline.services.store import Store", "points outwards"),
        ("services.calls", "import maskline.stores.memory", "points outwards"),
        (
            "protocols.sip.parse",
            "from maskline.domain.error import MasklineError",
            "points outwards",
        ),
        ("planes.call.leg", "from maskline.api import signature", "points outwards"),
        ("manage.app", "from maskline.api.signature import sign", "points outwards"),
        ("api.app", "from maskline.stores.memory import MemoryStore", "points outwards"),
        ("lab.receiver", "from maskline.services.store import Store", "points outwards"),
        ("stores.memory", "def f():\n    from maskline.domain import number", "inside a function"),
        ("planes.call", "class C:\n    import maskline.domain.call", "inside a function or class"),
        ("novelty", "import maskline.domain.number", "has no rule"),
    ],
)
def test_the_checker_catches(importer: str, source: str, expected: str):
    found = violations(read_imports(source, importer, MODULES | {"maskline.api.signature"}))
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("services.calls", "from maskline.domain.call import Call"),
        ("planes.call.leg", "from maskline.protocols.sip import parse"),
        ("lab.receiver", "from maskline.services.clock import Clock"),
        ("bootstrap", "from maskline.api.app import create_api"),
        ("lab.demo", "from maskline.bootstrap import serve"),
        ("commands.serve", "def f():\n    from maskline.bootstrap import serve"),
        ("domain.call", "if True:\n    import json"),
    ],
)
def test_the_checker_permits(importer: str, source: str):
    assert (
        violations(read_imports(source, importer, MODULES | {"maskline.protocols.sip.parse"})) == []
    )


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [module for module in PATHS.values() if module.rpartition(".")[2] in empty] == []
