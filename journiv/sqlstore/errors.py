"""From what SQLAlchemy raises to the errors of the domain."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError, IntegrityError

from journiv.domain.errors import Conflict

FromDriver = Callable[[BaseException], BaseException | None]


def translate(error: BaseException, from_driver: FromDriver) -> BaseException:
    """Return what the caller of a unit of work shall see.

    `from_driver` is asked about the driver's own error first; None leaves it to this function.
    Errors of the domain and of the caller's code stay as they are.
    """
    driver_error = error.orig if isinstance(error, DBAPIError) else error
    if driver_error is not None and (known := from_driver(driver_error)) is not None:
        return known
    if isinstance(error, IntegrityError):
        return Conflict("This clashes with what is stored.")
    return error
