"""Write docs/settings.md from the classes of `maskline.settings`.

Usage: `python tools/settings_page.py > docs/settings.md`.
"""

import inspect
import sys
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from maskline.settings import ENVIRONMENT, SECTIONS
from maskline.settings_meaning import meanings

HEAD = """# Settings

Made by `python tools/settings_page.py` from the classes in `maskline/settings.py`; don't edit.

maskline reads `maskline.toml` in the working directory, or the file that `MASKLINE_CONFIG` names.
A variable of the environment wins over the file. An unknown section or key is an error.
`maskline config show` prints what is in effect and where it came from; `maskline config check`
reads the settings and says what is wrong.
"""


def page() -> str:
    """The whole page."""
    variables = {key: variable for variable, key in ENVIRONMENT.items()}
    lines = [HEAD]
    for name, section in SECTIONS.items():
        text = inspect.getdoc(section) or ""
        lines += [f"## [{name}]", "", text.split("\n\n", 1)[0].strip(), ""]
        lines += ["| setting | default | meaning |", "| --- | --- | --- |"]
        said = meanings(section)
        for field in msgspec.structs.fields(section):
            variable = variables.get(f"{name}.{field.name}")
            also = f" Variable: `{variable}`." if variable else ""
            lines.append(
                f"| `{field.name}` | {_default(field.default)} | {said[field.name]}{also} |"
            )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _default(value: object) -> str:
    plain = value if isinstance(value, bool | int | float | tuple) else str(value)
    return f"`{msgspec.json.encode(plain).decode()}`"


if __name__ == "__main__":
    sys.stdout.write(page())
