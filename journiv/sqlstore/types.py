"""Column types: text on SQLite, native types on PostgreSQL, wire text in Python on both.

Ids are 36 characters, instants `YYYY-MM-DDTHH:MM:SS.ffffffZ`, days `YYYY-MM-DD`. On SQLite they
are stored as they are, so reading them costs nothing and text order is time order.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Float, Integer, String, Text

Id: Final = String(36)
Instant: Final = String(27)
Day: Final = String(10)
Words: Final = Text()
Flag: Final = Boolean(create_constraint=False)
Count: Final = Integer()
Degrees: Final = Float()
