"""Write ``src/core/types.ts`` from the models of the page's server, so that both sides always agree.

    python web/scripts/make_types.py

Objects that a command prints (``--json``) have schemas of their own in the package; the page reads few of their keys,
so they stay loose here.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from afterfall.web import schemas

TARGET = Path(__file__).parents[1] / "src" / "core" / "types.ts"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def main() -> None:
    """Write the file."""
    rooms = [
        importlib.import_module(f"{schemas.__name__}.{one.name}") for one in pkgutil.iter_modules(schemas.__path__)
    ]
    named = {name: one for room in rooms for name, one in vars(room).items() if isinstance(one, type)}
    own = [one for name, one in sorted(named.items()) if _is_ours(one) and name != "Answer"]
    _, found = models_json_schema([(one, "serialization") for one in own], ref_template="{model}")
    parts = [f"export interface {name} {_body(one)}" for name, one in found["$defs"].items()]
    head = "// Made by web/scripts/make_types.py from src/afterfall/web/schemas: change those files, not this one.\n\n"
    TARGET.write_text(head + "\n\n".join(parts) + "\n", encoding="utf-8")


def _is_ours(one: type) -> bool:
    return issubclass(one, BaseModel) and one.__module__.startswith(schemas.__name__)


def _body(schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    lines = ["{"]
    for name, one in schema.get("properties", {}).items():
        if one.get("description"):
            lines.append(f"  /** {one['description']} */")
        sure = name in required or "default" in one
        lines.append(f"  {name}{'' if sure else '?'}: {_type(one)};")
    return "\n".join([*lines, "}"])


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    if schema.get("type") == "array":
        return f"({_type(schema['items'])})[]" if "items" in schema else "unknown[]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"Record<string, {_type(inner)}>" if isinstance(inner, dict) else "Record<string, unknown>"
    return PLAIN.get(schema.get("type", ""), "unknown")


if __name__ == "__main__":
    main()
