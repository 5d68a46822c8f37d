"""docker-compose.yml against the project: nothing it names may be missing here, and no secret may stand in it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import load_command_class
from uvicorn.importer import import_from_string
from uvicorn.main import main as uvicorn_command

from leadqual import env
from leadqual.celery import app as celery_app

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["migrate", "web", "worker", "beat"]
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")
VARIABLE = re.compile(r"\$\{(\w+)(:\?[^}]+)?\}")


def test_it_runs_the_whole_site_in_parts() -> None:
    assert sorted(SERVICES) == ["beat", "db", "migrate", "valkey", "web", "worker"]


def test_the_web_command_names_an_application_and_options_that_exist() -> None:
    program, application, *options = SERVICES["web"]["command"]
    assert program == "uvicorn"
    assert callable(import_from_string(application))
    known = {name for each in uvicorn_command.params for name in [*each.opts, *each.secondary_opts]}
    assert [word for word in options if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize("service", ["worker", "beat"])
def test_the_celery_commands_name_our_app_and_options_that_exist(service: str) -> None:
    program, flag, package, subcommand, *options = SERVICES[service]["command"]
    assert (program, flag, subcommand) == ("celery", "-A", service)
    assert import_module(f"{package}.celery").app is celery_app
    command = getattr(import_module(f"celery.bin.{subcommand}"), subcommand)
    known = {name for parameter in command.params for name in parameter.opts}
    assert [word for word in options if word.startswith("--") and word.partition("=")[0] not in known] == []


def test_the_migrate_command_is_one_of_ours() -> None:
    program, script, command, *_options = SERVICES["migrate"]["command"]
    assert (program, (ROOT / script).is_file()) == ("python", True)
    assert load_command_class("django.core", command) is not None


@pytest.mark.parametrize("service", OURS)
def test_the_environment_holds_only_what_we_read(service: str) -> None:
    assert set(SERVICES[service]["environment"]) - set(env.VARIABLES) == set()


@pytest.mark.parametrize("service", OURS)
def test_what_an_installation_must_say_is_passed_on(service: str) -> None:
    needed = {"DATABASE_URL", "REDIS_URL", "LEADQUAL_SECRET_KEY", "LEADQUAL_ALLOWED_HOSTS", "LEADQUAL_BASE_URL"}
    assert needed - set(SERVICES[service]["environment"]) == set()


def test_the_web_service_is_told_how_the_first_administrator_is_made() -> None:
    told = {name for name, value in SERVICES["web"]["environment"].items() if value is None}
    told -= {name for name, value in SERVICES["migrate"]["environment"].items() if value is None}  # told to all
    assert told == {
        "LEADQUAL_SETUP_CODE", "LEADQUAL_ADMIN_NAME", "LEADQUAL_ADMIN_EMAIL", "LEADQUAL_ADMIN_PASSWORD",
    }  # fmt: skip


@pytest.mark.parametrize("service", OURS)
def test_neither_demo_nor_debug_is_switched_on(service: str) -> None:
    assert {"LEADQUAL_DEMO", "LEADQUAL_DEBUG"} & set(SERVICES[service]["environment"]) == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_secret_comes_from_the_environment_and_cannot_be_empty_without_a_word(service: str) -> None:
    environment: dict[str, str | None] = SERVICES[service].get("environment", {})
    for name, value in environment.items():
        if value is None:  # passed on where it is set: what an installation may leave out
            continue
        variables = VARIABLE.findall(value)
        assert bool(variables) or not SECRET.search(name), f"{name} stands in the file"
        assert all(message for _variable, message in variables), f"{name} could be empty without a word"


@pytest.mark.parametrize("service", SERVICES)
def test_dependencies_exist_and_are_waited_for(service: str) -> None:
    for other, how in SERVICES[service].get("depends_on", {}).items():
        expected = "service_completed_successfully" if other == "migrate" else "service_healthy"
        assert how["condition"] == expected
        assert other == "migrate" or "healthcheck" in SERVICES[other]


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_the_program_waits_for_database_broker_and_migrations(service: str) -> None:
    assert set(SERVICES[service]["depends_on"]) == {"db", "valkey", "migrate"}


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "migrate"])
def test_what_stays_up_is_watched_and_started_again(service: str) -> None:
    assert "healthcheck" in SERVICES[service]
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", SERVICES)
def test_images_are_pinned_to_a_release(service: str) -> None:
    assert re.fullmatch(r"[\w./-]+:\d+(\.\d+)+", SERVICES[service]["image"])


@pytest.mark.parametrize("line", re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
def test_the_image_is_built_on_a_pinned_release(line: str) -> None:
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", line)


def test_the_database_is_postgresql_18_with_a_locale_that_knows_japanese() -> None:
    assert SERVICES["db"]["image"].startswith("postgres:18.")
    assert "--builtin-locale=C.UTF-8" in SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_the_addresses_lead_to_services_of_this_file() -> None:
    environment = SERVICES["web"]["environment"]
    assert re.search(r"@(\w+):5432/(\w+)$", environment["DATABASE_URL"]).groups() == ("db", "leadqual")  # type: ignore[union-attr]
    assert re.fullmatch(r"redis://(\w+):6379/0", environment["REDIS_URL"]).group(1) == "valkey"  # type: ignore[union-attr]


def test_data_lies_on_named_volumes() -> None:
    used = [volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert sorted(used) == sorted(COMPOSE["volumes"])


def test_the_broker_keeps_what_it_takes() -> None:
    words = SERVICES["valkey"]["command"]
    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"


def test_only_the_web_process_is_reachable_and_only_from_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }
