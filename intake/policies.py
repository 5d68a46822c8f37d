from accounts.enums import Role
from accounts.policies import allow

# What comes in from websites: who may see and set it up.
SITES = allow("intake.sites", Role.MARKETER, Role.ADMIN)
