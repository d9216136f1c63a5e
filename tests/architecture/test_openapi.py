"""The OpenAPI file fits the code, without a warning, and every call of an interface stands in it."""

from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from studio.openapi import INTERFACES, read_schema
from tests.addresses import walk_paths

FILE = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
AGAIN = "python manage.py spectacular --file docs/api/openapi.yaml"
METHODS = ("get", "post", "put", "delete", "patch")


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    read_schema.cache_clear()
    return read_schema()


def operations(schema):
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def test_the_file_fits_the_code(schema):
    written = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
    assert FILE.read_text(encoding="utf-8") == written, f"the code has changed; write the file again: {AGAIN}"


def test_it_is_made_without_a_warning_and_is_valid(schema):
    assert (dict(GENERATOR_STATS._warn_cache), dict(GENERATOR_STATS._error_cache)) == ({}, {})
    validate_schema(schema)


def test_every_address_of_an_interface_stands_in_it(schema):
    addresses = {path for path in walk_paths(get_resolver()) if INTERFACES.match(path)}
    assert addresses == set(schema["paths"])


def test_every_call_says_who_may_make_it_what_it_answers_and_what_it_refuses(schema):
    open_to_all = {"POST /api/v1/access-token"}
    for name, operation in operations(schema):
        assert operation["tags"], name
        assert operation.get("security") or name in open_to_all, name
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), name
        assert {"405", "500"} <= set(answers), name
        if name not in open_to_all:
            assert "401" in answers, name


def test_the_description_is_served_as_yaml_and_json(db):
    served = Client().get("/api/schema/")
    assert (served.status_code, yaml.safe_load(served.content)["info"]["title"]) == (200, "Handoff Studio")
    as_json = Client().get("/api/schema/", headers={"Accept": "application/json"})
    assert as_json.json()["openapi"] == "3.1.0"


def test_the_page_that_reads_it_has_no_inline_script_or_style(db):
    page = Client().get("/api/docs/")
    assert page.status_code == 200
    assert "<style" not in page.text
    assert page.text.count("<script") == page.text.count("<script src=")
    assert Client().get("/api/docs/?script=").headers["Content-Type"].startswith("application/javascript")
