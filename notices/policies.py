from accounts.policies import EVERYONE, allow

READ = allow("notices.read", *EVERYONE)
