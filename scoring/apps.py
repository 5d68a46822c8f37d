from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        """Register our job, the bells of our tasks, and what notices, leads' pages and merges learn from us."""
        from django.db.models import Q

        from accounts.audit_kinds import register_audit_kinds
        from background.invariants import register_invariants
        from background.jobs import register_job_kinds
        from intake.actions.repairing import register_scorer
        from intake.imports.undo_removal import register_made_by_product
        from intake.queries.plan import register_rule_uses
        from intake.webforms.answer_writers import register_answer_writer
        from intake.webforms.outcomes import register_outcome_reader
        from intake.webforms.readers import register_rule_reader
        from intake.webforms.targets import register_form_targets
        from leads.actions.erasers import register_erasers
        from leads.actions.merge_followers import register_merge_follower
        from leads.queries.timeline import register_entry_kinds, register_points_reader
        from leads.wording import register_stage_reasons
        from notices.kinds import register_notice_kinds
        from scoring import receivers  # noqa: F401 - its receivers connect themselves
        from scoring.actions.form_answers import form_targets, write_form_answers
        from scoring.actions.lead_files import EXPORTS
        from scoring.actions.on_erasure import ERASERS
        from scoring.actions.on_lead_merge import FOLLOWER
        from scoring.actions.rehearsal import effect_on_scores
        from scoring.actions.rescoring import RESCORES
        from scoring.audit_words import AUDIT_KINDS
        from scoring.invariants import INVARIANTS
        from scoring.notice_kinds import NOTICE_KINDS, STAGE_REASONS
        from scoring.queries.form_outcomes import score_outcomes
        from scoring.queries.form_rules import rules_reading
        from scoring.queries.rule_uses import rule_uses
        from scoring.queries.timeline import ENTRY_KINDS, activity_points

        register_job_kinds(RESCORES, EXPORTS)
        register_made_by_product("scoring.Episode", Q())
        register_notice_kinds(*NOTICE_KINDS)
        register_audit_kinds(*AUDIT_KINDS)
        register_erasers(*ERASERS)
        register_stage_reasons(STAGE_REASONS)
        register_entry_kinds(*ENTRY_KINDS)
        register_points_reader(activity_points)
        register_merge_follower(FOLLOWER)
        register_scorer(effect_on_scores)
        register_rule_uses(rule_uses)
        register_invariants(*INVARIANTS)
        register_rule_reader(rules_reading)
        register_form_targets(form_targets)
        register_answer_writer(write_form_answers)
        register_outcome_reader(score_outcomes)
