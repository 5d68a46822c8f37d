from accounts.models.api_answer import ApiAnswer
from accounts.models.api_key import ApiKey
from accounts.models.draft import Draft
from accounts.models.team import Team
from accounts.models.user import User

__all__ = ["ApiAnswer", "ApiKey", "Draft", "Team", "User"]
