"""Taking the demo away again: exactly the leads and companies that its job made, by their ids."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import require
from background.enums import JobState
from background.models import JobRun
from background.transactions import retrying
from handoff.actions.transition import address_of
from handoff.models import Handoff
from insights import policies
from insights.actions.demo_load import DemoError
from insights.demo.batch import SOURCE
from insights.demo.state import DEMO
from leads.models import ActivityKey, Company, Lead
from notices.models import Notice


@retrying
@transaction.atomic
def remove_demo(*, by: User) -> int:
    """Delete the leads of the demo with all that hangs on them; returns how many. Model and team stay.

    A demo lead that a person of flesh and blood was merged into stays. Raises DemoError, or PermissionDenied.
    """
    require(by, policies.DEMO)
    job = JobRun.objects.select_for_update().filter(kind=DEMO).order_by("-pk").first()
    if job is None or not job.cursor["leads"]:
        raise DemoError(_("There’s no demo data to remove. Your own leads stay as they are."))
    if job.is_open:
        raise DemoError(_("The demo data is still loading. Remove it afterwards."))
    made = job.cursor["leads"]
    real = Lead.objects.filter(merged_into__in=made).exclude(pk__in=made).values_list("merged_into", flat=True)
    gone = sorted(set(made) - set(real))
    list(Lead.objects.select_for_update().filter(pk__in=gone).order_by("pk").values_list("pk"))
    handoffs = Handoff.objects.filter(lead__in=gone)
    Notice.objects.filter(url__in=[address_of(handoff) for handoff in handoffs]).delete()  # they would lead nowhere
    Lead.objects.filter(pk__in=gone).exclude(merged_into=None).delete()  # nothing may be merged into what goes
    _rows, counts = Lead.objects.filter(pk__in=gone).delete()
    Company.objects.filter(pk__in=job.cursor["companies"], leads=None).delete()
    ActivityKey.objects.filter(source=SOURCE).delete()
    job.cursor |= {"leads": [], "companies": []}
    if job.has_failed:
        job.state = JobState.STOPPED  # the next one begins at the beginning
    job.save(update_fields=["cursor", "state"])
    return counts.get("leads.Lead", 0)
