from accounts.policies import may
from handoff import policies


@may(policies.QUEUE)
def queue(request, pk=0): ...
