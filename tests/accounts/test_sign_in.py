from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import factories
from tests.clients import as_

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet(admin: User) -> None:
    """Nobody has tried to sign in so far, and there is somebody: else every page is the set-up page."""
    cache.clear()


def log_in(client: Client, email: str, password: str, **more: str) -> object:
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def test_a_person_logs_in_by_e_mail_whatever_its_case_and_out_by_post(rep: User) -> None:
    client = Client()
    assert log_in(client, "REN@example.com", factories.PASSWORD).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(rep: User) -> None:
    answers = [log_in(Client(), email, "wrong wrong wrong") for email in ("ren@example.com", "nobody@example.com")]
    said = [re.findall(r"role=\"alert\".*?</div></div>", answer.content.decode(), re.DOTALL) for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert said[0] == said[1] != []


def test_a_deactivated_person_does_not_get_in(rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(is_active=False)
    client = Client()
    log_in(client, rep.email, factories.PASSWORD)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_after_many_wrong_passwords_one_has_to_wait(rep: User) -> None:
    client = Client()
    for _attempt in range(12):
        last = log_in(client, rep.email, "wrong wrong wrong")
    assert "Too many" in last.content.decode()


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_led_off_the_site(rep: User, target: str) -> None:
    answer = log_in(Client(), rep.email, factories.PASSWORD, next=target)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    switched = Client().post(reverse("accounts:language"), {"language": "ja", "next": target})
    assert switched.headers["Location"] == "/"


def test_nobody_signs_up_by_themselves() -> None:
    data = {"email": "new@example.com", "password1": "long enough words", "password2": "long enough words"}
    answer = Client().post(reverse("account_signup"), data)
    assert ("invite-only" in answer.content.decode(), User.objects.count()) == (True, 1)


def test_a_forgotten_password_is_chosen_anew_by_the_link_of_a_mail(rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(language="ja")
    client = Client()
    client.post(reverse("account_reset_password"), {"email": rep.email})
    assert (len(mail.outbox), mail.outbox[0].to) == (1, [rep.email])
    link = re.search(r"http://\S+", mail.outbox[0].body).group()  # type: ignore[union-attr]
    form = client.get(link, follow=True)
    secret = "a sentence that one keeps"
    client.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret})
    rep.refresh_from_db()
    assert rep.check_password(secret)


def test_no_mail_goes_to_strangers_and_the_answer_does_not_tell(rep: User) -> None:
    known, unknown = (
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in ("ren@example.com", "who@example.com")
    )
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [message.to for message in mail.outbox] == [["ren@example.com"]]


def test_a_mail_server_that_is_down_breaks_no_page(rep: User, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert Client().post(reverse("account_reset_password"), {"email": rep.email}).status_code == 302


def test_changing_the_password_asks_for_the_old_one(rep: User) -> None:
    client = as_(rep)
    url, new = reverse("account_change_password"), "entirely different words"
    client.post(url, {"oldpassword": "wrong", "password1": new, "password2": new})
    rep.refresh_from_db()
    assert rep.check_password(factories.PASSWORD)
    client.post(url, {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})
    rep.refresh_from_db()
    assert rep.check_password(new)


def test_a_short_password_is_refused_in_words(rep: User) -> None:
    client = as_(rep)
    data = {"oldpassword": factories.PASSWORD, "password1": "short", "password2": "short"}
    assert "12" in client.post(reverse("account_change_password"), data).content.decode()


@pytest.mark.parametrize(
    ("header", "words"), [("ja,en;q=0.5", "ログイン"), ("en-GB", "Log in"), ("fr", "Log in"), ("", "Log in")]
)
def test_the_first_page_speaks_the_language_of_the_browser(header: str, words: str) -> None:
    page = Client().get(reverse("account_login"), headers={"Accept-Language": header} if header else {})
    assert f"<h1>{words}</h1>" in page.content.decode()


def test_the_stored_language_wins_over_the_browsers(rep: User) -> None:
    client = as_(rep)
    page = client.get(reverse("accounts:profile"), headers={"Accept-Language": "ja"})
    assert '<html lang="en"' in page.content.decode()


def test_errors_are_pages_for_people_and_toasts_for_htmx(rep: User) -> None:
    client = as_(rep)
    page = client.get("/no/such/page/")
    toast = client.get(reverse("accounts:audit"), headers={"HX-Request": "true"})
    assert (page.status_code, "<html" in page.content.decode()) == (404, True)
    assert (toast.status_code, toast.headers["HX-Retarget"]) == (403, "#toasts")
    assert toast.content.decode().strip().startswith("<lq-toast")


def test_nothing_shown_to_a_signed_in_person_stays_in_a_cache(rep: User) -> None:
    client = as_(rep)
    answers = [client.get(reverse("accounts:profile")), client.get(reverse("accounts:audit")), client.get("/nothing/")]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 3


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("<b>", "auto"), ("", "auto")])
def test_a_refusal_keeps_the_theme_that_was_chosen_in_this_browser(rep: User, cookie: str, theme: str) -> None:
    client = as_(rep)
    client.cookies["theme"] = cookie
    assert f'data-bs-theme="{theme}"' in client.get("/no/such/page/").content.decode()


# --- limits -----------------------------------------------------------------------------------------------------------


def wrong_ten_times(email: str, address: str) -> None:
    for _attempt in range(10):
        log_in(Client(REMOTE_ADDR=address), email, "wrong wrong wrong")


def test_ten_wrong_passwords_from_elsewhere_lock_nobody_out(rep: User) -> None:
    wrong_ten_times(rep.email, "203.0.113.5")
    assert log_in(Client(REMOTE_ADDR="203.0.113.5"), rep.email, factories.PASSWORD).status_code == 200
    assert log_in(Client(REMOTE_ADDR="198.51.100.7"), rep.email, factories.PASSWORD).status_code == 302


def test_a_colleague_behind_the_same_address_still_gets_in(rep: User, manager: User) -> None:
    wrong_ten_times(rep.email, "203.0.113.5")
    assert log_in(Client(REMOTE_ADDR="203.0.113.5"), manager.email, factories.PASSWORD).status_code == 302


def test_behind_trusted_proxies_the_client_is_who_they_say(rep: User, settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _attempt in range(10):
        log_in(Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.5"), rep.email, "wrong wrong wrong")
    here = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.7")
    assert log_in(here, rep.email, factories.PASSWORD).status_code == 302


def test_without_trusted_proxies_a_forged_header_changes_nothing(rep: User) -> None:
    for number in range(10):
        log_in(Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"), rep.email, "wrong wrong wrong")
    assert "Too many" in log_in(Client(), rep.email, factories.PASSWORD).content.decode()


def test_people_sign_in_and_limits_hold_while_valkey_is_away(
    rep: User, manager: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/nobody.sock"}}
    wrong_ten_times(rep.email, "203.0.113.5")
    assert "Too many" in log_in(Client(REMOTE_ADDR="203.0.113.5"), rep.email, factories.PASSWORD).content.decode()
    assert log_in(Client(), manager.email, factories.PASSWORD).status_code == 302
