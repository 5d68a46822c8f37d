from accounts.enums import Role
from accounts.policies import EVERYONE, allow

QUEUE = allow("handoff.queue", *EVERYONE)
# What makes a lead an SQL, or none, is for sales to say; external staff call and say what came of it.
WORK = allow("handoff.work", Role.REP, Role.MANAGER, Role.ADMIN)
RESULT = allow("handoff.result", Role.OUTSOURCED, Role.REP, Role.MANAGER, Role.ADMIN)
# What deals are worth is nothing for external staff.
RESULTS = allow("handoff.results", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
# Whoever spoke with a lead can say how it was.
RATE = allow("handoff.rate", Role.OUTSOURCED, Role.REP, Role.MANAGER, Role.ADMIN)
FIRST_RESPONSE = allow("handoff.first_response", *EVERYONE)
ASSIGN = allow("handoff.assign", Role.MANAGER, Role.ADMIN)
GIVE = allow("handoff.give", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
# Hand over what a gate blocks, with a reason.
PASS_GATES = allow("handoff.pass_gates", Role.MANAGER, Role.ADMIN)
HELD_BACK = allow("handoff.held_back", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
UNATTENDED = allow("handoff.unattended", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
COMING = allow("handoff.coming", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
DOSSIER = allow("handoff.dossier", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
ABSENCES = allow("handoff.absences", *EVERYONE)
# Not external staff: what colleagues note about a lead may say how to reach it.
TODOS = allow("handoff.todos", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
BOARD = allow("handoff.board", Role.MANAGER, Role.MARKETER, Role.ADMIN)
TEAM = allow("handoff.team", Role.REP, Role.MANAGER, Role.ADMIN)
SLA_VIEW = allow("handoff.sla.view", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
SLA_EDIT = allow("handoff.sla.edit", Role.ADMIN)
POLICY_VIEW = allow("handoff.policy.view", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
POLICY_EDIT = allow("handoff.policy.edit", Role.ADMIN)
CALENDARS_VIEW = allow("handoff.calendars.view", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
CALENDARS_EDIT = allow("handoff.calendars.edit", Role.MANAGER, Role.ADMIN)
RETRIES = allow("handoff.retries", Role.MANAGER, Role.ADMIN)
CONFIGURE = allow("handoff.configure", Role.ADMIN)
