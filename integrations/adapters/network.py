"""Connections that reach only permitted addresses and end with their deadline: the SSRF guard at work.

The guard sits where the connection is made, below every URL parser: the name is resolved once, each address is
judged, and the connection is opened to the judged address itself. A second look-up that answers otherwise (DNS
rebinding) therefore never happens.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore

from integrations.adapters.base import GivenUp
from integrations.domain.addresses import Address, Network, parse_address, refusal

Resolve = Callable[[str, int], Sequence[Address]]
# A send returns as soon as a part fits the kernel's buffer: small slices let the deadline be looked at in between.
SLICE = 16_384
# How often somebody who waits for an answer looks up to see whether it is still wanted.
LOOK_UP_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take, in seconds from its start: all in all, until it is connected, and until the first
    byte of its answer; None for no limit of its own."""

    total: float
    connect: float | None = None
    first_byte: float | None = None


def never() -> bool:
    """The answer is wanted whatever happens."""
    return False


class AddressRefused(Exception):
    """The host has only addresses we must not call: the argument names the host and says why."""


class Deadline:
    """An instant of the monotonic clock by which everything of one call must be over."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def remaining(self, otherwise: type[httpcore.TimeoutException]) -> float:
        """Return the seconds left, more than 0. Raises `otherwise` when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise otherwise("The deadline has passed")
        return left


class GuardedNetwork(httpcore.NetworkBackend):
    """Opens connections for one call; afterwards `wrote` tells whether any of the request may have left, and
    `is_answered` whether any of the answer came. `is_given_up` is asked while the answer is waited for."""

    def __init__(
        self,
        *,
        allowed: Sequence[Network],
        patience: Patience,
        resolve: Resolve,
        is_given_up: Callable[[], bool] = never,
    ) -> None:
        self.allowed = allowed
        self.deadline = Deadline(patience.total)
        self.connected_by = Deadline(_sooner(patience.connect, patience.total))
        self.answered_by = Deadline(_sooner(patience.first_byte, patience.total))
        self.resolve = resolve
        self.is_given_up = is_given_up
        self.wrote = False
        self.is_answered = False
        self.inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first permitted address of `host` that answers. Raises AddressRefused, ConnectError."""
        addresses = self._permitted(host, port)
        for position, address in enumerate(addresses, start=1):
            # The rest of the time is shared, so that a silent first address leaves some for the others.
            share = self.connected_by.remaining(httpcore.ConnectTimeout) / (len(addresses) - position + 1)
            try:
                stream = self.inner.connect_tcp(str(address), port, share, None, socket_options or ())
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses):
                    raise
            else:
                return GuardedStream(stream, self)
        raise httpcore.ConnectError(f"{host} has no address")

    def _permitted(self, host: str, port: int) -> Sequence[Address]:
        literal = parse_address(host)
        found = [literal] if literal else self._look_up(host, port)
        reasons = {address: refusal(address, allowed=self.allowed) for address in found}
        permitted = [address for address, reason in reasons.items() if reason is None]
        if found and not permitted:
            why = ", ".join(sorted({reason for reason in reasons.values() if reason}))
            raise AddressRefused(f"{host} is not a public address ({why})")
        return permitted

    def _look_up(self, host: str, port: int) -> Sequence[Address]:
        """Resolve within the deadline. The system's resolver cannot be interrupted, hence a thread to leave behind."""
        answers: queue.SimpleQueue[Sequence[Address] | OSError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host, port))
            except OSError as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True, name="resolve").start()
        try:
            answer = answers.get(timeout=self.connected_by.remaining(httpcore.ConnectTimeout))
        except queue.Empty:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from None
        if isinstance(answer, OSError):
            raise httpcore.ConnectError(f"{host} cannot be resolved") from answer
        return answer

    def seconds_to_read(self) -> float:
        """How long the next read may wait. Raises ReadTimeout, and GivenUp when nobody wants the answer any more."""
        if self.is_given_up():
            raise GivenUp
        deadline = self.deadline if self.is_answered else self.answered_by
        return deadline.remaining(httpcore.ReadTimeout)


class GuardedStream(httpcore.NetworkStream):
    """One connection under its call's deadline, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, network: GuardedNetwork) -> None:
        self.inner = inner
        self.network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            # Short waits: a read that is under way cannot be called off.
            wait = min(self.network.seconds_to_read(), LOOK_UP_SECONDS)
            try:
                received = self.inner.read(max_bytes, wait)
            except httpcore.ReadTimeout:
                continue
            self.network.is_answered = True
            return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.network.wrote = True
        for start in range(0, len(buffer), SLICE):
            left = self.network.deadline.remaining(httpcore.WriteTimeout)
            self.inner.write(buffer[start : start + SLICE], left)

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self.network.connected_by.remaining(httpcore.ConnectTimeout)
        return GuardedStream(self.inner.start_tls(ssl_context, server_hostname, left), self.network)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def _sooner(seconds: float | None, total: float) -> float:
    return total if seconds is None else min(seconds, total)


def resolve_by_system(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of `host` in the system's order of preference. Raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(answer[4][0]) for answer in answers))
