"""Every named address there is, for the tests that walk all of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import OBJECTS, World


@dataclass(frozen=True)
class Address:
    name: str
    view: Callable[..., HttpResponse]


def walk(resolver: URLResolver) -> Iterator[Address]:
    """Every named address, Django's own admin excepted: it is for superusers and checks itself."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry) if entry.namespace != "admin" else ()
        elif isinstance(entry, URLPattern):
            yield Address(str(entry.name or entry.pattern), entry.callback)


def walk_paths(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Every address as OpenAPI writes it: `/api/v1/projects/{project_id}/inbox`."""
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from walk_paths(entry, path)
        else:
            yield path


ADDRESSES = {address.name: address for address in walk(get_resolver())}


def url_of(name: str, world: World) -> str:
    """The address for the world's own row of what it names."""
    return reverse(name, kwargs=OBJECTS[name](world) if name in OBJECTS else {})
