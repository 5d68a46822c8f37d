from accounts.enums import Role
from accounts.policies import allow

REPORTS = allow("insights.reports", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
DEMO = allow("insights.demo", Role.ADMIN)
