from accounts.enums import Role
from accounts.policies import allow

VIEW_RULES = allow("scoring.rules.view", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
EDITORS = (Role.MARKETER, Role.ADMIN)
EDIT_RULES = allow("scoring.rules.edit", *EDITORS)
PUBLISH = allow("scoring.publish", Role.MARKETER, Role.ADMIN)
EDIT_THRESHOLDS = allow("scoring.thresholds.edit", Role.ADMIN)
ADJUST = allow("scoring.adjust", Role.MANAGER, Role.MARKETER, Role.ADMIN)
ANSWER = allow("scoring.answer", Role.OUTSOURCED, Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
SEE_SCORES = allow("scoring.scores.view", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
APPROVE = allow("scoring.approve", Role.MANAGER, Role.ADMIN)
READ = allow("scoring.read", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
SIGN_FOR_MARKETING = allow("scoring.sign.marketing", Role.MARKETER, Role.ADMIN)
SIGN_FOR_SALES = allow("scoring.sign.sales", Role.MANAGER, Role.ADMIN)
SIGN = allow("scoring.sign", Role.MANAGER, Role.MARKETER, Role.ADMIN)
