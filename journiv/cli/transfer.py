"""What `journiv import` and `journiv export` share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from journiv.contracts.records import UserRecord
from journiv.contracts.storage import Store
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.scope import SYSTEM

T = TypeVar("T")


async def account(store: Store, email: str) -> UserRecord:
    """Return the account of that address. Raises `NotFound`."""
    address = email.strip().lower()
    user = await store.read(SYSTEM, lambda tx: tx.users.by_email(address))
    if user is None:
        raise NotFound(f"There is no account with the address {email}.")
    return user


def chosen(formats: Mapping[str, T], name: str) -> T:
    """Return the importer or exporter of a format. Raises `BadRequest`."""
    if name not in formats:
        raise BadRequest(f"There is no format '{name}'. There are: {', '.join(sorted(formats))}.")
    return formats[name]


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while it is a terminal; yields what takes the count so far."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
