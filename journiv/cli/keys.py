"""`journiv keys`: a new `SECRET_KEY`, and the end of the one before it."""

from __future__ import annotations

import argparse
import asyncio
import secrets
from pathlib import Path
from typing import Final

from journiv.cli.kernel import Kernel, opened, prepare
from journiv.config import Settings, key_file
from journiv.domain.errors import BadRequest
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.server.resealing import Resealing
from journiv.services.server.sealing import Sealing

EPILOG: Final = """\
First `rotate`, then restart the server, then `reseal`. Nobody has to sign in again: what the
earlier key signed still holds as long as that key is known.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one subcommand for each step."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    rotate = "make a new key and keep the one before it, to verify with"
    actions.add_parser("rotate", help=rotate, description=f"{rotate[:1].upper()}{rotate[1:]}.")
    reseal = "encrypt stored secrets with the new key, and say what the earlier one is good for"
    actions.add_parser("reseal", help=reseal, description=f"{reseal[:1].upper()}{reseal[1:]}.")


def run(arguments: argparse.Namespace) -> int:
    """Take one step; `reseal` returns 1 when no key opens a secret."""
    kernel = prepare()
    return asyncio.run(_rotate(kernel) if arguments.action == "rotate" else _reseal(kernel))


async def _rotate(kernel: Kernel) -> int:
    async with opened(kernel):
        outdated = await _resealing(kernel).outdated()
    if outdated:
        raise BadRequest(
            f"Secrets of {len(outdated)} accounts are still encrypted with an earlier key. "
            "Run `journiv keys reseal` first."
        )
    settings, new = kernel.settings, secrets.token_urlsafe(48)
    path = key_file.of(settings)
    keys = [settings.secret_key or "", *settings.secret_keys_previous]
    if path is None:
        _tell_what_to_set(new, settings)
        return 0
    try:
        key_file.replace_key(path, new, keys)
    except OSError as error:
        print(f"{path} cannot be written here ({error.strerror}).")
        _tell_what_to_set(new, settings)
        return 0
    print(f"{path} holds a new key, {key_file.previous_file(path)} the one before it.")
    print("Restart the server, then run `journiv keys reseal`.")
    return 0


def _tell_what_to_set(new: str, settings: Settings) -> None:
    rest = ", followed by a comma and what it holds now" if settings.secret_keys_previous else ""
    print("Where SECRET_KEY is set, set instead:")
    print(f"  SECRET_KEY_PREVIOUS  to what SECRET_KEY is now{rest}")
    print(f"  SECRET_KEY           to {new}")
    print("Restart the server, then run `journiv keys reseal`.")


async def _reseal(kernel: Kernel) -> int:
    async with opened(kernel):
        done = await _resealing(kernel).run()
        earlier = await kernel.audit.sealed_with_earlier_keys()
    print(f"Encrypted with the new key: {done.count}.")
    if done.unreadable:
        print(
            f"No key opens the second factor of {len(done.unreadable)} accounts: "
            f"{', '.join(done.unreadable)}. Add the key it was made with to SECRET_KEY_PREVIOUS, "
            "or switch it off with `journiv user mfa-off`."
        )
        return 1
    print(_what_is_left(kernel, earlier))
    return 0


def _what_is_left(kernel: Kernel, earlier: int) -> str:
    settings = kernel.settings
    if not settings.secret_keys_previous:
        return "There is no earlier key."
    days = f"{settings.session_absolute_days:g}"
    return (
        "No stored secret needs an earlier key. It only renews sessions begun before the change, "
        f"for {days} days from then at most, and verifies {earlier} rows of the audit log. "
        f"Remove {_where(key_file.of(settings))} when you can do without."
    )


def _where(path: Path | None) -> str:
    if path is not None and key_file.previous_file(path).exists():
        return str(key_file.previous_file(path))
    return "SECRET_KEY_PREVIOUS"


def _resealing(kernel: Kernel) -> Resealing:
    factor = SecondFactor(Sealing(kernel.keys.secrets("field-enc/1")))
    return Resealing(kernel.providers.store, kernel.clock, factor)
