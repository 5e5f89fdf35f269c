"""`journiv user`: accounts, from the shell, beside a running server or without one."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from journiv.cli.kernel import opened, prepare
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import Account, normal_email
from journiv.services.accounts.accounts import Accounts, NewAccount, SignUpPolicy
from journiv.services.accounts.admin import Administration
from journiv.services.accounts.passwords import Passwords
from journiv.services.accounts.resets import Resets

EPILOG: Final = """\
Passwords are asked for on a terminal, or read from --password-file, or from the first line of
standard input; never from an argument, which every other process can see. What is changed here
counts for a running server from its next request on.
"""
PAGE: Final = 1000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one subcommand for each thing to do."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = _action(actions, "create", "open an account; the first one is the administrator's")
    create.add_argument("email", help="its address")
    create.add_argument("--name", help="what to call the person (default: from the address)")
    create.add_argument("--admin", action="store_true", help="make it an administrator's")
    _add_password_file(create)
    listing = _action(actions, "list", "list the accounts, newest first")
    listing.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    change = _action(actions, "set-password", "set a new password and end all sessions")
    change.add_argument("email", help="whose")
    _add_password_file(change)
    for name, what in (
        ("promote", "make somebody an administrator"),
        ("disable", "switch an account off: its sessions end, its diary stays"),
        ("enable", "switch an account on again"),
        ("mfa-off", "switch off the second factor of somebody who has lost it; sessions end"),
    ):
        _action(actions, name, what).add_argument("email", help="whose")
    link = _action(actions, "reset-link", "print a link that sets a new password, for 30 minutes")
    link.add_argument("email", help="whose")


def run(arguments: argparse.Namespace) -> int:
    """Do it; what went wrong is raised."""
    if arguments.action == "list":
        return asyncio.run(_list(as_json=arguments.json))
    if arguments.action == "create":
        return asyncio.run(_create(arguments))
    if arguments.action == "set-password":
        password = _password(arguments.password_file)
        told = f"{arguments.email} has a new password; all its sessions have ended."
        return asyncio.run(_change(arguments.email, {"password": password}, told))
    if arguments.action == "mfa-off":
        return asyncio.run(_mfa_off(arguments.email))
    if arguments.action == "reset-link":
        return asyncio.run(_reset_link(arguments.email))
    changes, words = _CHANGES[arguments.action]
    return asyncio.run(_change(arguments.email, changes, f"{arguments.email} {words}"))


_CHANGES: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "promote": ({"role": "admin"}, "is an administrator now."),
    "disable": ({"is_active": False}, "is switched off; its sessions have ended."),
    "enable": ({"is_active": True}, "is switched on."),
}


async def _create(arguments: argparse.Namespace) -> int:
    email = arguments.email.strip()
    if "@" not in email.strip("@"):
        raise BadRequest(f"'{email}' is no e-mail address.")
    new = NewAccount(
        email=email,
        name=arguments.name or email.partition("@")[0],
        password=_password(arguments.password_file),
        role="admin" if arguments.admin else "user",
    )
    async with _administration(makes=True) as administration:
        account = await administration.create(new)
    print(f"{account.user['email']} has an account; its role is {account.user['role']}.")
    return 0


async def _change(email: str, changes: dict[str, Any], told: str) -> int:
    async with _administration() as administration:
        user = await administration.by_email(email)
        if user is None:
            raise NotFound(f"There is no account with the address {email}.")
        await administration.change(user["id"], changes)
    print(told)
    return 0


async def _mfa_off(email: str) -> int:
    async with _administration() as administration:
        user = await administration.by_email(email)
        if user is None:
            raise NotFound(f"There is no account with the address {email}.")
        await administration.remove_second_factor(user["id"])
    print(f"{email} signs in with the password alone now; all its sessions have ended.")
    return 0


async def _reset_link(email: str) -> int:
    kernel = prepare()
    async with opened(kernel) as store:
        passwords = Passwords(kernel.providers.passwords)
        url = kernel.settings.public_url
        resets = Resets(store, kernel.clock, passwords, kernel.audit, url)
        user = await store.read(SYSTEM, lambda tx: tx.users.by_email(normal_email(email)))
        if user is None:
            raise NotFound(f"There is no account with the address {email}.")
        link = await resets.create(user["id"])
    print(link.url)
    return 0


async def _list(*, as_json: bool) -> int:
    async with _administration() as administration:
        accounts: list[Account] = []
        while page := await administration.page(PAGE, len(accounts)):
            accounts += page
    if as_json:
        rows = [{**account.user, "providers": account.providers} for account in accounts]
        print(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return 0
    for account in accounts:
        user = account.user
        state = "on" if user["is_active"] else "off"
        seen = (user["last_login_at"] or "never")[:16]
        print(f"{user['email']:<40} {user['role']:<6} {state:<4} last sign-in {seen}")
    print(f"{len(accounts)} {'account' if len(accounts) == 1 else 'accounts'}")
    return 0


@asynccontextmanager
async def _administration(*, makes: bool = False) -> AsyncIterator[Administration]:
    kernel = prepare()
    async with opened(kernel, makes=makes) as store:
        passwords = Passwords(kernel.providers.passwords)
        accounts = Accounts(
            store, kernel.clock, passwords, SignUpPolicy(), lambda event: None, kernel.audit
        )
        yield Administration(store, kernel.clock, passwords, accounts, kernel.audit)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help: str
) -> argparse.ArgumentParser:
    # Without abbreviations, so that `--password SECRET` is refused and not read as a file's name.
    description = f"{help[:1].upper()}{help[1:]}."
    return actions.add_parser(name, help=help, description=description, allow_abbrev=False)


def _add_password_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="read the password's line from here"
    )


def _password(path: Path | None) -> str:
    if path is not None:
        try:
            return _first_line(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BadRequest(f"The password file {path} cannot be read: {error}") from error
    if not sys.stdin.isatty():
        return _first_line(sys.stdin.readline())
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        raise BadRequest("The two passwords differ.")
    return password


def _first_line(text: str) -> str:
    return text.partition("\n")[0].removesuffix("\r")
