from leads.actions.activities import NewActivity, ensure_months, record_activities, record_activity
from leads.actions.stages import advance_stage, move_stage

__all__ = ["NewActivity", "advance_stage", "ensure_months", "move_stage", "record_activities", "record_activity"]
