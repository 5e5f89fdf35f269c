"""The one linear history of the schema, run by `journiv.sqlstore.migrate`."""
