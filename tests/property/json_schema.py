"""As much of JSON schema as the OpenAPI document uses: values of a schema, and whether one is."""

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

_TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}


def values(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema of a request allows."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([values(choice) for choice in schema["anyOf"]])
    match schema["type"]:
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "array":
            return st.lists(values(schema["items"]), max_size=schema["maxItems"])
        case "object":
            needed = schema.get("required", ())
            known = {name: values(of) for name, of in schema["properties"].items()}
            return st.fixed_dictionaries(
                {name: known[name] for name in needed},
                optional={name: of for name, of in known.items() if name not in needed},
            )
        case _ if "pattern" in schema:
            return st.from_regex(schema["pattern"].replace("$", r"\Z"), alphabet="+0123456789")
        case _:
            longest = min(schema.get("maxLength", 20), 20)
            return st.text(min_size=schema.get("minLength", 0), max_size=longest)


def fault(schema: Mapping[str, Any], value: Any, components: Mapping[str, Any]) -> str:
    """What is wrong with a value under a schema of an answer; empty when nothing is."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    found = [fault(each, value, components) for each in schema.get("allOf", ())]
    if "const" in schema and value != schema["const"]:
        found.append(f"{value!r} is not {schema['const']!r}")
    if "type" in schema and type(value) is not _TYPES[schema["type"]]:
        return f"{value!r} is no {schema['type']}"
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        found.append(f"{value!r} does not match {schema['pattern']}")
    if isinstance(value, dict):
        found += [f"{name} is missing" for name in schema.get("required", ()) if name not in value]
        for name, of in schema.get("properties", {}).items():
            if name in value:
                found.append(fault(of, value[name], components))
    if isinstance(value, list) and "items" in schema:
        found += [fault(schema["items"], item, components) for item in value]
    return next((each for each in found if each), "")
