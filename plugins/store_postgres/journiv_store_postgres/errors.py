"""What PostgreSQL's codes mean to a caller (PostgreSQL manual, appendix A)."""

from __future__ import annotations

import ssl
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from journiv.domain.errors import ConfigError, Conflict, JournivError, StorageFull, Unavailable

_BUSY: Final = "The database is busy."
_AGAIN: Final = frozenset({"40001", "40P01"})
_GOING: Final = frozenset({"57P01", "57P02", "57P03"})
_READ_ONLY: Final = "25006"
_REFUSED: Final = {
    "28000": "The database refuses this role: check DATABASE_URL and pg_hba.conf.",
    "28P01": "The database refuses this password: check DATABASE_URL.",
    "3D000": "There is no such database: create it, or check DATABASE_URL.",
    "42501": "The database role may not do this: see plugins/store_postgres/README.md for rights.",
}


def sqlstate(error: BaseException) -> str | None:
    """Return the five characters of SQLSTATE, when the server sent them."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    for known in (cause, getattr(cause, "__cause__", None)):
        code = getattr(known, "sqlstate", None)
        if isinstance(code, str):
            return code
    return None


def unreachable(error: OSError, place: str) -> JournivError:
    """Return what to say of a server that cannot be spoken to; `place` is without password."""
    if isinstance(error, ssl.SSLError):
        return ConfigError(
            f"{place} has a certificate that is not trusted, or for another name: set sslrootcert "
            "to its authority's file, and name the database as the certificate does."
        )
    if "SSL" in str(error):
        return ConfigError(f"{place} offers no TLS, but DATABASE_URL asks for it with sslmode.")
    reason = error.strerror or str(error) or "no answer"
    return Unavailable(f"could not reach {place}: {reason}")


def may_repeat(error: BaseException) -> bool:
    """Say whether the server undid the transaction only because of others (40001, 40P01)."""
    return sqlstate(error) in _AGAIN


def domain_error(error: BaseException) -> BaseException | None:
    """Return the domain's error for one of the driver's, or None when it is not about the store."""
    if isinstance(error, JournivError):
        return None
    if isinstance(error, PoolTimeout):
        return Unavailable(_BUSY)
    code = sqlstate(error)
    if code is None:
        return Unavailable("The database is away.") if is_lost(error) else None
    if code == _READ_ONLY:
        return RuntimeError("a unit of work wrote in a read transaction")
    if code in _REFUSED:
        return ConfigError(_REFUSED[code])
    match code[:2]:
        case "23":
            return Conflict("This clashes with what is stored.")
        case "53":
            return (
                StorageFull("The disk is full: nothing was changed.")
                if code == "53100"
                else (Unavailable(_BUSY))
            )
        case "40":
            return Unavailable(_BUSY)
        case "08" | "57" | "58" | "55":
            return Unavailable(_BUSY if code in ("57014", "55P03") else "The database is away.")
    return None


def is_lost(error: BaseException) -> bool:
    """Say whether the server has gone away; of some ways to go, the driver knows no code."""
    code = sqlstate(error)
    if code is not None:
        return code.startswith("08") or code in _GOING
    return any(kind.__name__ == "InterfaceError" for kind in type(error).__mro__)


def is_away(error: BaseException) -> bool:
    """Say whether it is this server that cannot answer, so that another one might."""
    code = sqlstate(error) or ""
    if code in ("57014", _READ_ONLY):
        return False
    return is_lost(error) or code[:2] in ("08", "28", "3D", "40", "53", "55", "57", "58")
