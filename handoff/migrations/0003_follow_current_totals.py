"""Open hand-offs follow their lead's total, in the statement that writes it."""

from django.db import migrations

FOLLOW = """
    CREATE FUNCTION handoff_follow_totals() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE handoff_handoff SET current_total = written.total
        FROM written
        WHERE handoff_handoff.lead_id = written.lead_id AND handoff_handoff.model_id = written.model_id
          AND state IN ('queued', 'claimed', 'contacted', 'accepted') AND current_total <> written.total;
        RETURN NULL;
    END $$;
    CREATE TRIGGER handoff_follows_new_totals AFTER INSERT ON scoring_leadscore
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION handoff_follow_totals();
    CREATE TRIGGER handoff_follows_changed_totals AFTER UPDATE ON scoring_leadscore
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION handoff_follow_totals();
    CREATE FUNCTION handoff_take_total() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        SELECT total INTO NEW.current_total FROM scoring_leadscore
        WHERE lead_id = NEW.lead_id AND model_id = NEW.model_id;
        NEW.current_total := coalesce(NEW.current_total, NEW.score);
        RETURN NEW;
    END $$;
    CREATE TRIGGER handoff_begins_with_total BEFORE INSERT OR UPDATE OF state, lead_id ON handoff_handoff
        FOR EACH ROW WHEN (NEW.state IN ('queued', 'claimed', 'contacted', 'accepted'))
        EXECUTE FUNCTION handoff_take_total();
"""
LEAVE = """
    DROP TRIGGER handoff_begins_with_total ON handoff_handoff;
    DROP FUNCTION handoff_take_total;
    DROP TRIGGER handoff_follows_changed_totals ON scoring_leadscore;
    DROP TRIGGER handoff_follows_new_totals ON scoring_leadscore;
    DROP FUNCTION handoff_follow_totals;
"""


class Migration(migrations.Migration):
    dependencies = [("handoff", "0002_add_shipped_rows"), ("scoring", "0002_leave_room_in_scores")]
    operations = [migrations.RunSQL(FOLLOW, LEAVE)]
