"""From plain words to an answer: ask."""

from __future__ import annotations

import json
import sys

import click

from commands.cli import USAGE, current, guarded, main, scope_options, store_option
from commands.terminal import print_answer, seen
from queries.ask import wording
from queries.ask.answering import AskAnswer, answer_question, as_json, explain, notes


@main.command("ask")
@click.argument("question")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.option("--explain", "explained", is_flag=True, help="Say how the question was read.")
@scope_options
@store_option
@guarded
def ask_command(
    question: str, form: str, explained: bool, location: str | None, scope: dict[str, str]
) -> None:
    """Answer a question in plain words; - reads one question a line.

    It ends with 2 where it has to ask back, with the readings, and where it refuses, with the
    reason. With --format json each question gives one line in all three cases.
    """
    snapshot = current(location)
    lines = sys.stdin.read().splitlines() if question == "-" else [question]
    found = None
    for line in lines:
        found = answer_question(snapshot, line, scope)
        if explained:
            for head, text in explain(found):
                click.echo(seen(f"{head}: {text}"), err=True)
        if form == "json":
            click.echo(json.dumps(as_json(found), ensure_ascii=False))
        else:
            _print(found)
    if question != "-" and found is not None and found.reading.status != "answer":
        sys.exit(USAGE)


def _print(found: AskAnswer) -> None:
    reading = found.reading
    if reading.refusal is not None:
        click.echo(seen(wording.refusal_text(reading.refusal, found.scope, "zh")), err=True)
        return
    if reading.status == "ask":
        click.echo("可以有几种理解，请选一种：", err=True)
    elif found.answer is not None:
        click.echo(seen(wording.understood_text(reading, found.scope, "zh")), err=True)
        for note in notes(found, "zh"):
            click.echo(seen(note), err=True)
        print_answer(found.answer, "table")
    if reading.status == "ask" or reading.readings:
        head = "" if reading.status == "ask" else "另一种理解："
        for choice in reading.readings:
            params = "".join(f" --param {k}={v}" for k, v in choice.params.items())
            text = wording.choice_text(choice, "zh")
            click.echo(seen(f"{head}{text}  tiaokuai query {choice.name}{params}"), err=True)
