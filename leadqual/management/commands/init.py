"""`manage.py init`: the first administrator, asked for in the terminal or taken from the environment."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import SetupDoneError, make_first_administrator
from accounts.forms import SetupForm
from accounts.setup import is_set_up, setup_link
from leadqual import env


class Command(BaseCommand):
    help = "Create the first administrator. Changes nothing if there are users already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--link", action="store_true", help="only print the address of the set-up page")

    def handle(self, *args: Any, link: bool, **options: Any) -> None:
        if is_set_up():
            self.stderr.write("There are users already. Nothing was changed.")
        elif link:
            self.stdout.write(setup_link())
        else:
            try:
                self.make(env.first_administrator())
            except (EOFError, KeyboardInterrupt) as stop:
                raise CommandError("Stopped. No administrator was created.") from stop

    def make(self, given: dict[str, str]) -> None:
        """Make the administrator of what the environment gives; what it does not give is asked for at a terminal."""
        if all(given.values()):
            form = self.form(given)
        elif sys.stdin.isatty():
            form = self.form(self.ask(given))
            while not form.is_valid():
                self.say_errors(form)
                form = self.form(self.ask(dict.fromkeys(given, "")))
        else:
            missing = ", ".join(f"LEADQUAL_ADMIN_{name.upper()}" for name, value in given.items() if not value)
            raise CommandError(f"Not a terminal: set {missing}.")
        if not form.is_valid():
            self.say_errors(form)
            raise CommandError("No administrator was created.")
        try:
            administrator = make_first_administrator(**form.cleaned_data)
        except SetupDoneError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{administrator.email} can log in at {settings.BASE_URL}/ as an administrator.")

    def ask(self, given: dict[str, str]) -> dict[str, str]:
        """Name, e-mail and password; the password is typed twice and not shown."""
        values = {name: given[name] or input(f"{label}: ") for name, label in (("name", "Name"), ("email", "Email"))}
        values["password"] = given["password"] or getpass("Password (12 characters or more): ")
        if not given["password"] and getpass("Password again: ") != values["password"]:
            self.stderr.write("The two passwords differ.")
            return self.ask(given)
        return values

    def form(self, values: dict[str, str]) -> SetupForm:
        """The form of the set-up page, filled in."""
        preferences = {"language": "", "timezone": settings.TIME_ZONE}
        return SetupForm(values | preferences, asks_code=False)

    def say_errors(self, form: SetupForm) -> None:
        for name, errors in form.errors.items():
            for error in errors:
                self.stderr.write(f"{name}: {error}")
