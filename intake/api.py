"""Activities and leads from other systems: `POST /api/v1/activities`, `PUT /api/v1/leads`."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from frame.api import Refusal, endpoint
from intake.actions.intake import take_in_activities
from intake.actions.upsert import IdentityTakenError, upsert_lead
from intake.payloads import clean_activities, clean_lead, listed


@endpoint("POST", Scope.ACTIVITIES_WRITE)
def activities(request: Request) -> Response:
    """Store one activity or a batch. 202 means: committed. The same key sent again counts once, the first wins."""
    now = timezone.now()
    rows, is_batch = listed(request.data, "activities")
    good, bad = clean_activities(rows, root="activities" if is_batch else "", now=now)
    if bad and not is_batch:
        raise Refusal(_("The activity cannot be stored."), bad[0])
    stored = (
        take_in_activities([told for _place, told in good], source=f"api:{request.auth.pk}", now=now) if good else {}
    )
    rejected = [{"index": place, "problems": [wrong.as_dict() for wrong in wrongs]} for place, wrongs in bad.items()]
    answer = {"accepted": len(stored), "duplicates": len(good) - len(stored), "rejected": rejected}
    return Response(answer, status=202)


@endpoint("PUT", Scope.LEADS_WRITE)
def leads(request: Request) -> Response:
    """Add the lead with this e-mail or external id, or bring it up to date: 201 or 200. What is not sent stays."""
    now = timezone.now()
    identity, values = clean_lead(request.data, now=now)
    try:
        done = upsert_lead(identity=identity, values=values, now=now)
    except IdentityTakenError as error:
        raise Refusal(_("The e-mail or external id belongs to another lead."), code=409) from error
    answer = {"id": str(done.lead.pk), "created": done.created, "changed": done.changed}
    return Response(answer, status=201 if done.created else 200)
