"""Reference pages of the site, made from the program itself: the command line, the Python API and the JSON schemas."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import afterfall
from afterfall import api
from afterfall.report.kit.markdown import code_block, markdown_text

#: Public functions that are no verbs of `afterfall.api`.
FIRST_VERBS = ("open_case", "build", "sample", "open_levers")
#: Titles of the files of `afterfall.api`, in the order of the page.
TITLES = {
    "explanations": "Explain",
    "outlooks": "Watch, and say what changed",
    "policies": "Compare policies",
    "mixes": "The best mix under a budget",
    "explorations": "Explore options under uncertainty",
    "consequences": "Attacks and violence",
    "evaluations": "Score",
    "fits": "Learn from figures",
    "base_rates": "How often others did the same",
    "keeping": "Keep a case up to date",
    "imports": "Import public data",
    "exports": "Export",
    "run_folders": "Runs that are kept",
}


def reference_pages() -> dict[str, str]:
    """Markdown of each page by its path on the site."""
    return {
        "reference/command-line.md": "\n\n".join(_command_line()) + "\n",
        "reference/python-verbs.md": "\n\n".join(_verbs()) + "\n",
        "reference/python-results.md": "\n\n".join(_results()) + "\n",
        "reference/json-schemas.md": "\n\n".join(_schemas()) + "\n",
    }


def schema_files() -> dict[str, str]:
    """The schemas as files of the site."""
    return {f"reference/schemas/{name}": text for name, text in _schema_texts().items()}


# ---------------------------------------------------------------- the command line


def _command_line() -> Iterator[str]:
    from typer.main import get_command

    from afterfall.cli.app import COMMANDS, app

    yield "# Command line"
    yield (
        "Every option of every command, as `afterfall COMMAND --help` prints it. [Commands](../commands.md) has one "
        "line for each command."
    )
    known: Mapping[str, Any] = getattr(get_command(app), "commands", {})
    for name in COMMANDS:
        command = known[name]
        arguments = [_argument(one) for one in command.params if one.param_type_name == "argument"]
        yield f"## afterfall {name}"
        yield markdown_text(command.help.split("\f")[0])
        yield code_block(" ".join(("afterfall", name, "[OPTIONS]", *arguments)), "text")
        yield _parameter_table(command.params)
        yield "Examples:"
        yield code_block("\n".join(COMMANDS[name].EXAMPLES), "sh")


def _argument(one: Any) -> str:
    spelled = (one.metavar or one.name.upper()).strip("[]")
    return spelled if one.required else f"[{spelled}]"


def _parameter_table(parameters: list[Any]) -> str:
    rows = ["| option | meaning |", "|---|---|"]
    for one in (p for p in parameters if not getattr(p, "hidden", False)):
        if one.param_type_name == "argument":
            spelled = f"`{_argument(one)}`"
        else:
            spelled = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
            spelled += " `{}`".format(one.metavar.replace("|", "\\|")) if one.metavar else ""
        repeat = " Repeatable." if getattr(one, "multiple", False) and "epeatable" not in (one.help or "") else ""
        plain = isinstance(one.default, str | int | float) and not isinstance(one.default, bool)
        default = f" Default: `{one.default}`." if plain and "efault" not in (one.help or "") else ""
        rows.append(f"| {spelled} | {markdown_text(one.help or '')}{repeat}{default} |")
    return "\n".join(rows)


# ---------------------------------------------------------------- Python


def _verbs() -> Iterator[str]:
    yield "# Python verbs"
    yield (
        "`import afterfall` gives these functions. Everything that a command can do, one of them does. What they "
        "return is described under [Python results](python-results.md)."
    )
    yield "## From a case to a run"
    yield from (_directive(name) for name in (*FIRST_VERBS, "forecast", "open_run"))
    for title, names in by_title().items():
        yield f"## {title}"
        yield from map(_directive, names)


def by_title() -> dict[str, list[str]]:
    """Other verbs under the title of the file they are in."""
    found: dict[str, list[str]] = {title: [] for title in TITLES.values()}
    for name in api.__all__:
        module = getattr(afterfall, name).__module__.rpartition(".")[2]
        if module != "forecasts":
            found[TITLES[module]].append(name)
    return found


def _results() -> Iterator[str]:
    yield "# Python results"
    yield "What the [verbs](python-verbs.md) take and return: classes of `afterfall`, by name."
    verbs = {*api.__all__, *FIRST_VERBS, "__version__"}
    for name in sorted(set(afterfall.__all__) - verbs):
        found = getattr(afterfall, name)
        if inspect.isclass(found):
            yield _directive(name, level=2)


def _directive(name: str, level: int = 3) -> str:
    found = getattr(afterfall, name)
    return f"::: {found.__module__}.{found.__qualname__}\n    options:\n      heading_level: {level}"


# ---------------------------------------------------------------- schemas


def _schema_texts() -> dict[str, str]:
    folder = resources.files("afterfall.report.kit") / "schemas"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".json")), key=lambda one: one.name)
    return {one.name: one.read_text(encoding="utf-8") for one in files}


def _schemas() -> Iterator[str]:
    yield "# JSON schemas"
    yield (
        "Each command with `--json` prints one object. The schemas (JSON Schema 2020-12) come with the package. Under "
        "one `schema_version` keys are only added."
    )
    for name, text in _schema_texts().items():
        schema = json.loads(text)
        yield f"## {name.removesuffix('.schema.json')}"
        yield f"{markdown_text(schema.get('description', schema.get('title', '')))} [File](schemas/{name})"
        properties = schema.get("properties") or schema.get("$defs", {})
        rows = [
            f"| `{key}` | {_kind(one)} | {markdown_text(one.get('description', ''))} |"
            for key, one in properties.items()
        ]
        yield "\n".join(("| key | type | meaning |", "|---|---|---|", *rows))


def _kind(one: Mapping[str, Any]) -> str:
    """The type of a value in words."""
    if "const" in one:
        return f"`{json.dumps(one['const'])}`"
    if "$ref" in one:
        return f"{one['$ref'].rpartition('/')[2]}"
    kinds = one.get("type", "object" if "properties" in one else "any")
    spelled = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if spelled == "array" and isinstance(one.get("items"), Mapping):
        return f"array of {_kind(one['items'])}"
    return spelled
