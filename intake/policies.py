from accounts.enums import Role
from accounts.policies import allow

# What comes in from websites: who may see and set it up.
SITES = allow("intake.sites", Role.MARKETER, Role.ADMIN)

# Where a lead came from, on its page.
TOUCHES = allow("intake.touches", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)

# Building forms and reading what is sent by them.
FORMS = allow("intake.forms", Role.MARKETER, Role.ADMIN)
# What comes in, and what is kept back.
SEE_INTAKE = allow("intake.monitor", Role.MANAGER, Role.MARKETER, Role.ADMIN)
# Decide what becomes of it, for all leads and for the doors themselves.
REPAIR = allow("intake.repair", Role.MARKETER, Role.ADMIN)
