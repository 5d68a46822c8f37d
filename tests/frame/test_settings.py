from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.enums import Role, Scope
from accounts.models import ApiKey, Team, User
from tests import factories
from tests.clients import as_

pytestmark = pytest.mark.django_db


def person_data(**values: object) -> dict[str, object]:
    return {
        "name": "Nina New",
        "email": "Nina@Example.com",
        "role": "rep",
        "team": "",
        "capacity": "20",
        "language": "",
        "timezone": "Asia/Tokyo",
    } | values


def test_an_administrator_invites_a_person_who_chooses_a_password_by_the_link(admin: User, team: Team) -> None:
    answer = as_(admin).post(reverse("frame:people_new"), person_data(team=team.pk))
    person = User.objects.get(email="nina@example.com")
    assert (answer.status_code, person.role, person.team, person.has_usable_password()) == (200, "rep", team, False)
    link = answer.context["link"]
    visitor = Client()
    form = visitor.get(link, follow=True)
    secret = "six words are easy to keep"
    visitor.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret})
    person.refresh_from_db()
    assert person.check_password(secret)
    again = Client().get(link, follow=True)
    assert again.context["token_fail"] is True


def test_a_person_with_a_wrong_form_is_shown_what_is_wrong_and_what_was_typed(admin: User) -> None:
    answer = as_(admin).post(reverse("frame:people_new"), person_data(email="nina"))
    assert (answer.status_code, User.objects.count()) == (422, 1)
    assert set(answer.context["form"].errors) == {"email", "team"}
    assert 'value="Nina New"' in answer.content.decode()


def test_an_address_that_exists_is_refused_whatever_its_case(admin: User, team: Team) -> None:
    answer = as_(admin).post(reverse("frame:people_new"), person_data(email="AKI@example.com", team=team.pk))
    assert (answer.status_code, User.objects.count()) == (422, 1)


def test_a_manager_sees_the_own_team_only(manager: User, rep: User, outsider: User) -> None:
    page = as_(manager).get(reverse("frame:people")).content.decode()
    assert ("ren@example.com" in page, "osamu@example.com" in page) == (True, False)


def test_a_manager_changes_the_own_reps_and_nobody_else(manager: User, rep: User, outsider: User) -> None:
    client = as_(manager)
    peer = factories.UserFactory(role=Role.MANAGER, team=manager.team)
    data = person_data(name="Changed", email="x@example.com", team=manager.team_id)
    statuses = [
        client.post(reverse("frame:people_edit", args=[who.pk]), data | {"email": who.email}).status_code
        for who in (rep, outsider, peer)
    ]
    assert statuses == [303, 404, 403]
    names = [User.objects.get(pk=who.pk).name for who in (rep, outsider, peer)]
    assert names == ["Changed", outsider.name, peer.name]


def test_a_manager_cannot_hand_out_roles_above_rep_or_places_in_other_teams(manager: User, other_team: Team) -> None:
    client = as_(manager)
    own = manager.team_id
    for wrong in ({"role": "admin", "team": own}, {"role": "manager", "team": own}, {"team": other_team.pk}):
        assert client.post(reverse("frame:people_new"), person_data(**wrong)).status_code == 422
    assert not User.objects.filter(email="nina@example.com").exists()


def test_the_last_administrator_can_neither_be_demoted_nor_deactivated(admin: User, manager: User) -> None:
    second = factories.UserFactory(role=Role.ADMIN)
    actions.change_person(by=admin, person=second, role=Role.MARKETER)
    with pytest.raises(ValidationError, match="last administrator"):
        actions.change_person(by=admin, person=admin, role=Role.MARKETER)
    with pytest.raises(ValidationError, match="last administrator"):
        actions.switch_person(by=second, person=admin, on=False)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


def test_the_form_says_why_the_last_administrator_stays(admin: User) -> None:
    data = person_data(name="Aki", email=admin.email, role="marketer")
    answer = as_(admin).post(reverse("frame:people_edit", args=[admin.pk]), data)
    assert (answer.status_code, User.objects.get(pk=admin.pk).role) == (422, Role.ADMIN)
    assert "last administrator" in answer.content.decode()


def test_a_deactivated_person_is_out_at_once_and_can_come_back(admin: User, rep: User) -> None:
    theirs, client = as_(rep), as_(admin)
    url = reverse("frame:people_switch", args=[rep.pk])
    assert "no longer log in" in client.get(url).content.decode()
    assert client.post(url).status_code == 303
    assert theirs.get(reverse("accounts:profile")).status_code == 302
    client.post(url)
    rep.refresh_from_db()
    assert rep.is_active


def test_nobody_deactivates_themselves(admin: User) -> None:
    factories.UserFactory(role=Role.ADMIN)
    as_(admin).post(reverse("frame:people_switch", args=[admin.pk]))
    admin.refresh_from_db()
    assert admin.is_active


def test_choosing_a_team_for_the_rest_takes_that_from_the_old_one(admin: User, team: Team, other_team: Team) -> None:
    answer = as_(admin).post(reverse("frame:teams_edit", args=[other_team.pk]), {"name": "Osaka", "is_default": "on"})
    assert answer.status_code == 303
    assert list(Team.objects.filter(is_default=True)) == [other_team]


def test_a_team_with_people_is_not_switched_off(admin: User, other_team: Team, outsider: User) -> None:
    as_(admin).post(reverse("frame:teams_switch", args=[other_team.pk]))
    other_team.refresh_from_db()
    assert other_team.is_active


def test_a_key_is_shown_once_and_only_its_digest_is_kept(admin: User) -> None:
    client = as_(admin)
    answer = client.post(reverse("frame:api_keys_new"), {"name": "Website", "scopes": [Scope.ACTIVITIES_WRITE]})
    key = ApiKey.objects.get()
    secret = answer.context["key"].secret
    assert secret in answer.content.decode()
    assert (key.name, key.scopes, key.prefix, key.created_by) == ("Website", ["activities:write"], secret[:8], admin)
    assert secret not in client.get(reverse("frame:api_keys")).content.decode()


def test_a_revoked_key_stays_revoked(admin: User) -> None:
    client = as_(admin)
    key, _secret = actions.make_key(by=admin, name="Old", scopes=[Scope.SCORES_READ], expires_at=None)
    url = reverse("frame:api_keys_switch", args=[key.pk])
    assert client.post(url).status_code == 303
    revoked_at = ApiKey.objects.get().revoked_at
    assert revoked_at is not None
    assert client.post(url).status_code == 404
    assert ApiKey.objects.get().revoked_at == revoked_at


def test_a_long_list_is_paged_both_ways_by_signed_marks(admin: User) -> None:
    for number in range(60):
        factories.TeamFactory(name=f"Team {number:02}")
    client, url = as_(admin), reverse("frame:teams")
    first = client.get(url).context["slice"]
    second = client.get(url, {"after": first.after}).context["slice"]
    back = client.get(url, {"before": second.before}).context["slice"]
    assert [len(part.rows) for part in (first, second, back)] == [50, 10, 50]
    assert ([row.name for row in back.rows], first.before, second.after) == ([row.name for row in first.rows], "", "")
    forged = client.get(url, {"after": first.after + "x"})
    assert [row.pk for row in forged.context["slice"].rows] == [row.pk for row in first.rows]


def test_a_list_asks_the_database_equally_often_for_few_and_for_many(admin: User, django_assert_num_queries) -> None:
    client, url = as_(admin), reverse("frame:people")
    client.get(url)
    with django_assert_num_queries(5):
        client.get(url)
    for _number in range(3):
        factories.UserFactory(team=factories.TeamFactory())
    with django_assert_num_queries(5):
        client.get(url)


@pytest.mark.parametrize("words", ["100%", "_", "\0", "'; drop table", "x" * 500, "髙橋"])
def test_search_takes_any_words(admin: User, words: str) -> None:
    assert as_(admin).get(reverse("frame:people"), {"q": words}).status_code == 200


def test_htmx_gets_the_dialog_and_people_without_scripts_the_page(admin: User) -> None:
    client, url = as_(admin), reverse("frame:teams_new")
    part, page = client.get(url, headers={"HX-Request": "true"}), client.get(url)
    assert ("<html" in part.content.decode(), "<html" in page.content.decode()) == (False, True)
    done = client.post(url, {"name": "Nagoya"}, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == reverse("frame:teams")
