from django.db import migrations

# Which opportunities changed in which transaction: what the board keeps in memory stays true (organisations/board.py).
# A key below zero is a host with all its opportunities, 0 the vocabulary and its places.
CREATE = """
CREATE TABLE organisations_boardchange (key bigint PRIMARY KEY, changed_by xid8 NOT NULL);
CREATE INDEX organisations_boardchange_changed_by ON organisations_boardchange (changed_by);

CREATE FUNCTION organisations_note_change(VARIADIC keys bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO organisations_boardchange
    SELECT DISTINCT key, pg_current_xact_id() FROM unnest(keys) key WHERE key IS NOT NULL ORDER BY key
    ON CONFLICT (key) DO UPDATE SET changed_by = excluded.changed_by
        WHERE organisations_boardchange.changed_by <> excluded.changed_by
$$;

CREATE FUNCTION organisations_note_opportunity() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM organisations_note_change(
        (to_jsonb(old) ->> tg_argv[0])::bigint, (to_jsonb(new) ->> tg_argv[0])::bigint);
    RETURN NULL;
END $$;

CREATE FUNCTION organisations_note_host() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM organisations_note_change(-new.id);
    RETURN NULL;
END $$;

CREATE FUNCTION organisations_note_everything() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM organisations_note_change(0);
    RETURN NULL;
END $$;

CREATE TRIGGER note_host AFTER UPDATE ON organisations_organisation FOR EACH ROW
    WHEN (old.name <> new.name OR (old.verified_at IS NULL) <> (new.verified_at IS NULL))
    EXECUTE FUNCTION organisations_note_host();
"""
REMOVE = """
DROP FUNCTION organisations_note_opportunity, organisations_note_host, organisations_note_everything CASCADE;
DROP FUNCTION organisations_note_change;
DROP TABLE organisations_boardchange;
"""
# Each table with the column that names the opportunity.
OPPORTUNITIES = {
    "organisations_opportunity": "id",
    "organisations_opportunitytext": "opportunity_id",
    "organisations_neededlanguage": "opportunity_id",
    "organisations_opportunity_neighbourhoods": "opportunity_id",
    "organisations_opportunity_skills_required": "opportunity_id",
    "organisations_opportunity_skills_wanted": "opportunity_id",
}
VOCABULARY = ["field", "skill", "language", "city", "neighbourhood", "adjacency", "postcode"]


def create():
    yield CREATE, REMOVE
    for table, key in OPPORTUNITIES.items():
        yield trigger(
            "note_opportunity",
            f"INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION organisations_note_opportunity('{key}')",
        )
    everything = "FOR EACH STATEMENT EXECUTE FUNCTION organisations_note_everything()"
    yield trigger("note_everything", f"TRUNCATE ON organisations_opportunity {everything}")
    for name in VOCABULARY:
        yield trigger("note_everything", f"INSERT OR UPDATE OR DELETE OR TRUNCATE ON engagement_{name} {everything}")


def trigger(name, event):
    return f"CREATE TRIGGER {name} AFTER {event}", migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [("engagement", "0001_initial"), ("organisations", "0004_saved_searches")]

    operations = [
        migrations.RemoveIndex("opportunitytext", "opportunity_text_vector"),
        migrations.RemoveField("opportunitytext", "folded"),
        migrations.RemoveField("opportunitytext", "vector"),
        *(migrations.RunSQL(*sql) for sql in create()),
    ]
