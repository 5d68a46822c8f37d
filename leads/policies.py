from accounts.enums import Role
from accounts.policies import EVERYONE, allow

INSIDE = (Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
OFFICE = (Role.MANAGER, Role.MARKETER, Role.ADMIN)

# Whoever is called by a lead finds it, whoever's it is; what they may know of it is leads.queries.callers' to say.
SEARCH = allow("leads.search", *EVERYONE)
REACH = allow("leads.reach", *INSIDE)
VIEW = allow("leads.view", *EVERYONE)
EDIT = allow("leads.edit", *INSIDE)
IMPORT = allow("leads.import", *OFFICE)
MERGE = allow("leads.merge", *OFFICE)
EXPORT = allow("leads.export", *OFFICE)
CONFIGURE = allow("leads.configure", Role.ADMIN)
# A helper's calls and notes belong into the log; the rest of the lead stays as it is.
LOG = allow("leads.log", *EVERYONE)
LIFT = allow("leads.lift", *OFFICE)
ASSIGN = allow("leads.assign", Role.MANAGER, Role.ADMIN)
# Nothing brings back what was erased.
ERASE = allow("leads.erase", Role.ADMIN)
