"""Parts shared by the commands: the group, exit codes, the store option, errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial, wraps
from importlib.metadata import version as installed
from typing import Any, NoReturn

import click
from rich.console import Console

from graph.errors import BrokenStore, StoreError, UnknownVersion
from graph.open import open_store
from graph.store.snapshot import Snapshot
from loaders.errors import BadDecision, LoadError
from queries.errors import QuestionError

OK, VIOLATIONS, USAGE, DOCUMENT, STORE = 0, 1, 2, 3, 4
"""Exit codes: done, the check found violations, wrong usage, unreadable document, bad store."""

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(code: int, message: str) -> NoReturn:
    """One line on standard error, and the end."""
    click.echo(" ".join(message.split()), err=True)
    sys.exit(code)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose known errors end in one line and their exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UnknownVersion as error:
            fail(USAGE, str(error))
        except StoreError as error:
            fail(STORE, str(error))
        except (OSError, RuntimeError) as error:
            if "Corruption" not in str(error):  # the engine's word for a damaged file
                raise
            fail(STORE, str(BrokenStore("its files", error)))
        except LoadError as error:
            fail(DOCUMENT, str(error))
        except (BadDecision, QuestionError, SyntaxError) as error:
            fail(USAGE, str(error))

    return run


def _keep_files_private(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Deny other accounts the files that this process makes, unless the operator shares them."""
    if os.environ.get("TIAOKUAI_SHARED_FILES", "0") in {"", "0"}:
        os.umask(0o077)
    return value


_option = partial(
    click.option,
    "--store",
    "location",
    metavar="PLACE",
    help="The store: a folder, or an engine (sparql+http://…). Default $TIAOKUAI_STORE.",
)
store_option = _option()
written_store_option = _option(callback=_keep_files_private)
"""`--store` of a command that writes into the store: its files get mode 0600, its folders 0700."""


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --district, --year and --notice, given to the command as one mapping `scope`."""

    @wraps(command)
    def run(
        *args: Any, district: str | None, year: str | None, notice: str | None, **kwargs: Any
    ) -> Any:
        given = {"district": district, "year": year, "notice": notice}
        return command(*args, scope={k: v for k, v in given.items() if v}, **kwargs)

    for name, text in (
        ("notice", "Count the facts of this notice (its number or title) only."),
        ("year", "Count the facts of this year only; all: every year. Default: the newest."),
        ("district", "Count the facts of this district only; all: every district."),
    ):
        run = click.option(f"--{name}", metavar=name.upper(), help=text)(run)
    return run


def current(location: str | None) -> Snapshot:
    """The current version of a store. Raises StoreError where it has none."""
    store = open_store(location)
    if store.current() is None:
        raise StoreError("the store is empty; `tiaokuai build` fills it")
    return store.open()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(installed("tiaokuai"), prog_name="tiaokuai")
def main() -> None:
    """条块: read work-target notices into a knowledge graph, ask it, serve it."""
