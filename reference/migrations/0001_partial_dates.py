"""The SQL twins of PartialDate: immutable, so that constraints and indexes can use them."""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION partial_date_is_valid(stored text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    value text := split_part(stored, '~', 1);
BEGIN
    IF stored = '' THEN RETURN true; END IF;
    IF stored !~ '^(19|20|21)[0-9]{2}(-H[12]|-(0[1-9]|1[0-2])(-[0-3][0-9])?)?(~(page_date|resolved_relative|inferred))?$' THEN
        RETURN false;
    END IF;
    IF length(value) = 10 THEN
        PERFORM make_date(left(value, 4)::int, substr(value, 6, 2)::int, substr(value, 9, 2)::int);
    END IF;
    RETURN true;
EXCEPTION WHEN datetime_field_overflow THEN
    RETURN false;
END $$;

CREATE FUNCTION partial_date_first(stored text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE length(value)
        WHEN 0 THEN NULL
        WHEN 4 THEN make_date(left(value, 4)::int, 1, 1)
        WHEN 7 THEN make_date(left(value, 4)::int,
                              CASE substr(value, 6, 2) WHEN 'H1' THEN 1 WHEN 'H2' THEN 7 ELSE substr(value, 6, 2)::int END, 1)
        ELSE make_date(left(value, 4)::int, substr(value, 6, 2)::int, substr(value, 9, 2)::int)
    END FROM split_part(stored, '~', 1) AS value
$$;

CREATE FUNCTION partial_date_last(stored text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE length(value)
        WHEN 0 THEN NULL
        WHEN 4 THEN make_date(left(value, 4)::int, 12, 31)
        WHEN 7 THEN CASE substr(value, 6, 2)
            WHEN 'H1' THEN make_date(left(value, 4)::int, 6, 30)
            WHEN 'H2' THEN make_date(left(value, 4)::int, 12, 31)
            ELSE (make_date(left(value, 4)::int, substr(value, 6, 2)::int, 1) + interval '1 month')::date - 1 END
        ELSE make_date(left(value, 4)::int, substr(value, 6, 2)::int, substr(value, 9, 2)::int)
    END FROM split_part(stored, '~', 1) AS value
$$;

CREATE FUNCTION partial_date_sort(stored text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE length(value)
        WHEN 0 THEN '9999-99-99'
        WHEN 4 THEN value || '-00-00'
        WHEN 7 THEN CASE substr(value, 6, 2)
            WHEN 'H1' THEN left(value, 4) || '-00-01'
            WHEN 'H2' THEN left(value, 4) || '-06-99'
            ELSE value || '-00' END
        ELSE value
    END FROM split_part(stored, '~', 1) AS value
$$;
"""

NO_FUNCTIONS = """
DROP FUNCTION partial_date_sort(text);
DROP FUNCTION partial_date_last(text);
DROP FUNCTION partial_date_first(text);
DROP FUNCTION partial_date_is_valid(text);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
