from accounts.enums import Role
from accounts.policies import EVERYONE, allow

READ = allow("notices.read", *EVERYONE)
MAILBOX = allow("notices.mailbox", Role.ADMIN)
DESTINATIONS = allow("notices.destinations", Role.ADMIN)
