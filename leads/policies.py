from accounts.enums import Role
from accounts.policies import EVERYONE, allow

INSIDE = (Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
OFFICE = (Role.MANAGER, Role.MARKETER, Role.ADMIN)

VIEW = allow("leads.view", *EVERYONE)
EDIT = allow("leads.edit", *INSIDE)
IMPORT = allow("leads.import", *OFFICE)
EXPORT = allow("leads.export", *OFFICE)
CONFIGURE = allow("leads.configure", Role.ADMIN)
