from accounts.models.api_key import ApiKey
from accounts.models.team import Team
from accounts.models.user import User

__all__ = ["ApiKey", "Team", "User"]
