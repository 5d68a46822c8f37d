"""How somebody reached us is said by whoever heard it: nothing is chosen beforehand."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from leads.models import Activity, Lead
from tests.factories import LeadFactory


@pytest.mark.parametrize(
    ("page", "field"), [("leads:new", "enquiry_type"), ("leads:enquiry", "enquiry_type"), ("leads:record", "type")]
)
def test_no_channel_is_chosen_beforehand(client: Client, rep: User, page: str, field: str) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    client.force_login(rep)
    form = client.get(reverse(page, args=[] if page == "leads:new" else [lead.pk])).context["form"]
    with translation.override("ja"):
        assert form[field].value() in (None, "")
        first = next(iter(form.fields[field].widget.choices))
        assert (first[0], str(first[1])) in {("", "選択してください"), ("", "Select")}


def test_an_enquiry_without_its_channel_is_asked_for_it_and_keeps_its_text(client: Client, rep: User) -> None:
    client.force_login(rep)
    answer = client.post(reverse("leads:new"), {"name": "A", "enquiry": "30名での導入を検討中です", "enquiry_type": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["enquiry_type"])
    assert "30名での導入を検討中です" in answer.content.decode()
    assert not Lead.objects.exists()
    lead = LeadFactory(owner=rep, team=rep.team)
    for page, given in (("leads:enquiry", {"enquiry": "見積もり希望"}), ("leads:record", {"text": "見積もり希望"})):
        answer = client.post(reverse(page, args=[lead.pk]), given)
        assert answer.status_code == 422
        assert "見積もり希望" in answer.content.decode()
    assert not Activity.objects.exists()
