"""Keyset pagination: what comes after the last row of a page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, tuple_


def older(**columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return `(columns) < (parameters)`; each keyword names the parameter of its column."""
    last = [bindparam(name, type_=column.type) for name, column in columns.items()]
    return tuple_(*columns.values()) < tuple_(*last)
