from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured

from studio.environment import env_networks


def test_networks_are_read_from_a_list_with_commas(monkeypatch):
    monkeypatch.setenv("NETWORKS", "10.20.0.0/16, fd12:3456::/48,127.0.0.1")
    assert env_networks("NETWORKS") == [
        ip_network("10.20.0.0/16"),
        ip_network("fd12:3456::/48"),
        ip_network("127.0.0.1/32"),
    ]


def test_without_the_variable_there_are_none(monkeypatch):
    monkeypatch.delenv("NETWORKS", raising=False)
    assert env_networks("NETWORKS") == []


@pytest.mark.parametrize("text", ["10.20.0.1/16", "everything", "10.0.0.0/40"])
def test_what_is_no_network_stops_the_start_with_advice(monkeypatch, text):
    monkeypatch.setenv("NETWORKS", text)
    with pytest.raises(ImproperlyConfigured, match=r"NETWORKS: .*Write networks as 10\.1\.0\.0/16"):
        env_networks("NETWORKS")
