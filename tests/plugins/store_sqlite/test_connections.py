from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from journiv_store_sqlite.connections import engine_for


def test_an_error_of_the_database_quotes_no_value(tmp_path: Path) -> None:
    statement = text("INSERT INTO nowhere VALUES (:text)")
    engine = engine_for(tmp_path / "journiv.db")
    with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(statement, {"text": "dear diary"})
    assert "no such table" in str(failed.value)
    assert "dear diary" not in str(failed.value)
