"""The library for SQL store plugins: tables, repositories, migrations, search contract."""
