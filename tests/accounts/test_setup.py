"""The first administrator: by the page, by the command, once, and by nobody who cannot prove to run the site."""

from __future__ import annotations

import io
import threading

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.actions import SetupDoneError, make_first_administrator
from accounts.enums import Role
from accounts.models import User
from accounts.setup import setup_code, setup_link

URL = "/setup/"
SECRET = "a sentence that one keeps"
AKI = {"name": "Aki", "email": "Aki@Example.com", "password": SECRET, "language": "ja", "timezone": "Europe/Berlin"}


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


@pytest.fixture
def real(settings, db) -> None:
    """An installation outside the demo, with nobody in it."""
    settings.DEMO = False


@pytest.fixture
def environment(monkeypatch) -> None:
    for name, value in (("NAME", "Aki"), ("EMAIL", "aki@example.com"), ("PASSWORD", SECRET)):
        monkeypatch.setenv(f"LEADQUAL_ADMIN_{name}", value)


def init(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("init", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


# ---- the page ----


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup", "account_inactive"])
def test_while_there_is_nobody_every_sign_in_page_leads_to_the_set_up(db, name) -> None:
    answer = Client().get(reverse(name))
    assert (answer.status_code, answer.headers["Location"]) == (302, URL)


def test_once_there_is_somebody_the_set_up_leads_to_the_log_in(admin) -> None:
    for answer in (Client().get(URL), Client().post(URL, AKI | {"code": setup_code()})):
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_login"))
    assert User.objects.get() == admin
    assert Client().get(reverse("account_login")).status_code == 200


def test_the_first_administrator_is_made_signed_in_and_led_home(real) -> None:
    client = Client()
    answer = client.post(URL, AKI | {"code": setup_code()})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    person = User.objects.get()
    assert (person.email, person.name, person.role, person.language, person.timezone) == (
        "aki@example.com", "Aki", Role.ADMIN, "ja", "Europe/Berlin",
    )  # fmt: skip
    assert person.check_password(SECRET)
    assert client.get(reverse("accounts:audit")).status_code == 200
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("code", ["", "wrong", "0" * 32, "ｆ"])
def test_without_the_code_nobody_is_made(real, code) -> None:
    answer = Client().post(URL, AKI | {"code": code})
    assert (answer.status_code, User.objects.count()) == (422, 0)


def test_the_code_of_the_environment_counts_instead(real, settings) -> None:
    made = setup_code()
    settings.SETUP_CODE = "sixteen letters and more"
    assert Client().post(URL, AKI | {"code": made}).status_code == 422
    assert Client().post(URL, AKI | {"code": "sixteen letters and more"}).status_code == 302


def test_the_link_fills_the_code_in_and_stands_in_the_log_once(real, caplog, settings) -> None:
    settings.SETUP_CODE = get_random_string(32)  # a process logs the link of each code once
    with caplog.at_level("WARNING"):
        for _visit in range(3):
            assert setup_code() not in Client().get(URL).content.decode()
    assert caplog.text.count(setup_link()) == 1
    path = setup_link().removeprefix("http://localhost:8000")
    assert f'value="{setup_code()}"' in Client().get(path).content.decode()


def test_the_demo_asks_for_no_code(db, settings) -> None:
    settings.DEMO = True
    assert Client().post(URL, AKI).status_code == 302
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "aki@example.com"}, "password"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_made(real, change, field) -> None:
    answer = Client().post(URL, AKI | {"code": setup_code()} | change)
    assert (answer.status_code, User.objects.count()) == (422, 0)
    assert list(answer.context["form"].errors) == [field]


def test_a_form_without_its_token_makes_nobody(real) -> None:
    answer = Client(enforce_csrf_checks=True).post(URL, AKI | {"code": setup_code()})
    assert (answer.status_code, User.objects.count()) == (403, 0)


@pytest.mark.parametrize(("language", "words"), [("ja", "leadqualの初期設定"), ("en", "Set up leadqual")])
def test_the_page_speaks_the_language_of_the_browser(real, language, words) -> None:
    page = Client().get(URL, headers={"Accept-Language": language}).content.decode()
    assert f"<h1>{words}</h1>" in page
    assert f'<option value="{language}" selected>' in page


@pytest.mark.django_db(transaction=True)
def test_of_two_at_one_time_one_is_made() -> None:
    results: list[str] = []

    def make(email: str) -> None:
        try:
            make_first_administrator(email=email, name="A", password=SECRET, language="", timezone="UTC")
            results.append("made")
        except SetupDoneError:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=[f"a{number}@example.com"]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(results), User.objects.count()) == (["made", "refused", "refused", "refused"], 1)


# ---- the command ----


def test_init_takes_what_the_environment_gives_and_is_safe_twice(real, environment) -> None:
    assert "aki@example.com can log in" in init()[0]
    person = User.objects.get()
    assert (person.email, person.role, person.check_password(SECRET)) == ("aki@example.com", Role.ADMIN, True)
    assert init() == ("", "There are users already. Nothing was changed.\n")
    assert User.objects.count() == 1


def test_init_refuses_what_the_forms_refuse(real, environment, monkeypatch) -> None:
    monkeypatch.setenv("LEADQUAL_ADMIN_PASSWORD", "short")
    with pytest.raises(CommandError):
        init()
    assert User.objects.count() == 0


def test_init_without_a_terminal_says_what_is_missing(real, environment, monkeypatch) -> None:
    monkeypatch.delenv("LEADQUAL_ADMIN_PASSWORD")
    with pytest.raises(CommandError, match="LEADQUAL_ADMIN_PASSWORD"):
        init()
    assert User.objects.count() == 0


def test_init_asks_at_a_terminal_until_the_answers_are_right(real, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    typed = iter(["Aki", "aki@example.com", "Aki", "nobody", "Aki", "aki@example.com"])
    hidden = iter([SECRET, "something else", SECRET, SECRET, SECRET, SECRET])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    monkeypatch.setattr("leadqual.management.commands.init.getpass", lambda prompt: next(hidden))
    out, err = init()
    assert "aki@example.com can log in" in out
    assert ("The two passwords differ." in err, "email:" in err) == (True, True)
    assert User.objects.get().check_password(SECRET)


def test_init_stopped_makes_nobody(real, monkeypatch) -> None:
    def stop(prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", stop)
    with pytest.raises(CommandError, match="No administrator was created"):
        init()


def test_init_prints_the_link_and_makes_nobody(real, environment) -> None:
    assert init("--link") == (f"{setup_link()}\n", "")
    assert User.objects.count() == 0
