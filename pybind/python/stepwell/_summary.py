"""What `python -m stepwell run --summary` tells at the end."""

import os
import sys
from collections import Counter
from typing import Any

from stepwell import _stepwell

# How many lines each list has at most in the text; the JSON has all.
LONGEST = 20


def write(file: str) -> None:
    """Writes the summary to a file, or to stderr if it has no name."""
    summary = collect(_stepwell.records())
    if not file:
        print(text(summary), file=sys.stderr, end="")
        return
    with open(file, "w", encoding="utf-8") as stream:
        if file.endswith(".json"):
            import json

            json.dump(summary, stream, indent=1)
        else:
            stream.write(text(summary))


def collect(records: list[Any]) -> dict[str, Any]:
    """The records of all functions in one."""
    compiled = [record for record in records if record["compilations"]]
    refused = [record for record in records if record["interpreted_because"]]
    waiting = len(records) - len(compiled) - sum(1 for record in refused if not record["compilations"])
    reasons: Counter[str] = Counter()
    exits = []
    for record in records:
        for exit in record["exits"]:
            reasons[exit["reason"]] += exit["count"]
            exits.append({"file": record["file"], "function": record["function"], **exit})
    exits.sort(key=lambda exit: -exit["count"])
    seconds: Counter[str] = Counter()
    for record in compiled:
        for compilation in record["compilations"]:
            seconds.update(compilation["seconds"])
    return {
        "functions": len(records),
        "compiled": len(compiled),
        "called_too_rarely": waiting,
        "compiled_calls": sum(record["compiled_calls"] for record in records),
        "interpreted_calls": sum(record["interpreted_calls"] for record in records),
        "left_to_the_interpreter": [
            {key: record[key] for key in ("file", "line", "function", "interpreted_because")} for record in refused
        ],
        "exits_by_reason": dict(reasons.most_common()),
        "exits": exits,
        "compilations": sum(len(record["compilations"]) for record in compiled),
        "seconds": dict(seconds),
    }


def text(summary: dict[str, Any]) -> str:
    """The summary for a reader."""
    seconds = summary["seconds"]
    lines = [
        "--- stepwell ---",
        f"functions: {summary['functions']} seen, {summary['compiled']} compiled, "
        f"{len(summary['left_to_the_interpreter'])} left to the interpreter, "
        f"{summary['called_too_rarely']} called too rarely",
        f"calls: {summary['compiled_calls']} compiled, {summary['interpreted_calls']} interpreted",
        f"compiling: {summary['compilations']} versions in {sum(seconds.values()):.2f} s"
        + "".join(f", {phase} {spent:.2f}" for phase, spent in seconds.items()),
    ]
    left = [
        f"{record['interpreted_because']}  ({place(record)} {record['function']})"
        for record in summary["left_to_the_interpreter"]
    ]
    reasons = [f"{count:>10}  {reason}" for reason, count in summary["exits_by_reason"].items()]
    exits = [
        f"{exit['count']:>10}  {exit['reason']}  ({place(exit)} {exit['function']})" for exit in summary["exits"]
    ]
    lines += section("left to the interpreter", left)
    lines += section("exits to the interpreter by reason", reasons)
    lines += section("exits to the interpreter by line", exits)
    return "\n".join(lines) + "\n"


def place(record: dict[str, Any]) -> str:
    return f"{os.path.basename(record['file'])}:{record['line']}"


def section(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - LONGEST} more"] if len(lines) > LONGEST else []
    return [f"{title}:", *(f"  {line}" for line in lines[:LONGEST]), *more]
