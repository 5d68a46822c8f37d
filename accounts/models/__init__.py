from accounts.models.api_key import ApiKey
from accounts.models.draft import Draft
from accounts.models.team import Team
from accounts.models.user import User

__all__ = ["ApiKey", "Draft", "Team", "User"]
