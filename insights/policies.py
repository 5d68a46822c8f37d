from accounts.enums import Role
from accounts.policies import allow

REPORTS = allow("insights.reports", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
FEEDBACK = allow("insights.feedback", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
# What becomes of a verdict is for those to say who can change the rules.
DECIDE = allow("insights.feedback.decide", Role.MARKETER, Role.ADMIN)
DEMO = allow("insights.demo", Role.ADMIN)
