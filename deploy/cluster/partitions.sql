-- Parts every table with people's rows into partitions, by a hash of their owner:
--   psql --single-transaction -v ON_ERROR_STOP=1 -f partitions.sql "$DATABASE_MIGRATION_URL"
--
-- PostgreSQL 13 or newer, as the role that owns the tables, while no server runs. Rows, keys,
-- indexes and foreign keys stay as they are. What is parted already is left alone, so it can be run
-- again: after an upgrade with new tables, and after the search index was made anew, which makes
-- entry_search one table again.

DO $$
DECLARE
    parts CONSTANT integer := 16;
    parted regclass[];
    owned regclass;
    definition text;
    keys text[];
    links text[];
    name text;
BEGIN
    -- Plain tables whose primary key begins with user_id.
    SELECT array_agg(key.conrelid::regclass ORDER BY key.conrelid::regclass::text) INTO parted
    FROM pg_constraint key
    JOIN pg_class c ON c.oid = key.conrelid AND c.relkind = 'r' AND NOT c.relispartition
    JOIN pg_attribute a ON a.attrelid = key.conrelid AND a.attnum = key.conkey[1]
    WHERE key.contype = 'p' AND a.attname = 'user_id'
        AND c.relnamespace = current_schema()::regnamespace;

    IF parted IS NULL THEN
        RAISE NOTICE 'Nothing is left to be parted.';
        RETURN;
    END IF;

    -- Foreign keys that start or end at them: taken away now, put back at the end.
    SELECT array_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s',
                            conrelid::regclass, conname, pg_get_constraintdef(oid)))
    INTO links
    FROM pg_constraint
    WHERE contype = 'f' AND conparentid = 0
        AND (conrelid = ANY (parted) OR confrelid = ANY (parted));

    FOR definition IN
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
        FROM pg_constraint
        WHERE contype = 'f' AND conparentid = 0
            AND (conrelid = ANY (parted) OR confrelid = ANY (parted))
    LOOP
        EXECUTE definition;
    END LOOP;

    FOREACH owned IN ARRAY parted LOOP
        name := owned::text;
        SELECT array_agg(statement) INTO keys FROM (
            SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s',
                          name, conname, pg_get_constraintdef(oid)) AS statement
            FROM pg_constraint
            WHERE conrelid = owned AND contype IN ('p', 'u')
            UNION ALL
            SELECT pg_get_indexdef(indexrelid)
            FROM pg_index
            WHERE indrelid = owned
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        ) AS found;

        EXECUTE format('CREATE TABLE parted_anew (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS'
                       ' INCLUDING GENERATED INCLUDING STORAGE) PARTITION BY HASH (user_id)', name);
        FOR definition IN
            SELECT format('GRANT %s ON parted_anew TO %s', given.privilege_type,
                          CASE given.grantee WHEN 0 THEN 'PUBLIC'
                               ELSE quote_ident(pg_get_userbyid(given.grantee)) END)
            FROM pg_class c, aclexplode(c.relacl) AS given
            WHERE c.oid = owned AND given.grantee <> c.relowner
        LOOP
            EXECUTE definition;
        END LOOP;
        FOR number IN 0 .. parts - 1 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF parted_anew'
                           ' FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                           name || '_' || number, parts, number);
        END LOOP;
        EXECUTE format('INSERT INTO parted_anew SELECT * FROM %s', name);
        EXECUTE format('DROP TABLE %s', name);
        EXECUTE format('ALTER TABLE parted_anew RENAME TO %I', name);
        FOREACH definition IN ARRAY keys LOOP
            EXECUTE definition;
        END LOOP;
    END LOOP;

    IF links IS NOT NULL THEN
        FOREACH definition IN ARRAY links LOOP
            EXECUTE definition;
        END LOOP;
    END IF;
END
$$;

ANALYZE;
