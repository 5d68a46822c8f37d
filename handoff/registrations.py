"""What notices, leads, merges, imports, the audit log and the first page learn from us, told once at the start."""

from __future__ import annotations

from accounts.audit_kinds import register_audit_kinds
from background.invariants import register_invariants
from frame.home import register_first_page
from handoff.actions.on_erasure import ERASERS
from handoff.actions.on_lead_merge import FOLLOWER
from handoff.audit_words import AUDIT_KINDS
from handoff.first_page import where_work_begins
from handoff.imports import NOBODY_S, OUTCOMES, open_outcomes, worked_on
from handoff.invariants import INVARIANTS
from handoff.notice_kinds import NOTICE_KINDS
from handoff.outcome_words import STAGE_REASONS
from handoff.queries import gate_effect, outcome_leads
from handoff.queries.form_outcomes import handoff_outcomes
from handoff.queries.gates import ownership_in_force
from handoff.queries.lead_page import ENTRY_KINDS, claimed_leads
from intake.imports.batches import register_kind
from intake.imports.undo_removal import register_keeper, register_made_by_product
from intake.webforms.outcomes import register_outcome_reader
from leads.actions.erasers import register_erasers
from leads.actions.merge_followers import register_merge_follower
from leads.queries.contact_data import opens_contact_data
from leads.queries.timeline import register_entry_kinds
from leads.wording import register_stage_reasons
from notices.kinds import register_notice_kinds
from scoring.lead_sets import register_lead_sets
from scoring.ownership import register_ownership


def register() -> None:
    """Called when all models are there."""
    register_first_page(where_work_begins)
    register_lead_sets(gate_effect.KIND, gate_effect.gate_set)
    register_lead_sets(outcome_leads.KIND, outcome_leads.outcome_set)
    register_ownership(ownership_in_force)
    register_stage_reasons(STAGE_REASONS)
    register_notice_kinds(*NOTICE_KINDS)
    register_audit_kinds(*AUDIT_KINDS)
    register_erasers(*ERASERS)
    register_entry_kinds(*ENTRY_KINDS)
    opens_contact_data(claimed_leads)
    register_merge_follower(FOLLOWER)
    register_keeper(worked_on)
    register_made_by_product("handoff.Handoff", NOBODY_S)
    register_kind(OUTCOMES, open_outcomes)
    register_invariants(*INVARIANTS)
    register_outcome_reader(handoff_outcomes)
