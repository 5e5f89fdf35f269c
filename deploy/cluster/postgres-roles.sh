#!/bin/sh
# Run once by the postgres image, on an empty data folder: the role that owns the tables, the role
# that servers run as and that may only read and write rows, and the database.
set -eu
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v owner="$(cat /run/secrets/postgres_owner_password)" \
    -v server="$(cat /run/secrets/postgres_server_password)" <<'SQL'
CREATE ROLE journiv_owner LOGIN PASSWORD :'owner';
CREATE ROLE journiv_server LOGIN PASSWORD :'server';
CREATE DATABASE journiv OWNER journiv_owner;
REVOKE ALL ON DATABASE journiv FROM PUBLIC;
GRANT CONNECT ON DATABASE journiv TO journiv_server;
\connect journiv
ALTER DEFAULT PRIVILEGES FOR ROLE journiv_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO journiv_server;
SQL
