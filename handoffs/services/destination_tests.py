"""Testing a destination: a made-up customer is really handed off to it in the sandbox, seen in its queue, and the
conversation is closed again. Of a voice route only the plan is looked at: no call is placed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.access import NotFound
from conversations.domain.vocabulary import EndReason, Environment
from conversations.models import Conversation, User
from conversations.services.ownership import lock_conversation
from conversations.services.sandbox import open_sandbox_session
from conversations.services.sessions import end_session
from handoffs.domain.config import DestinationConfig
from handoffs.domain.destinations import choose_line, say_nobody
from handoffs.domain.routing import Arrival, find_route
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Destination, DestinationTest, QueueEntry, Release
from handoffs.selectors.destination_surroundings import read_build_lines
from handoffs.selectors.wire_preview import read_facts
from handoffs.services.closing import cancel_waiting
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import CurrentConfig, read_current_config

CUSTOMER_NAME = "Robin (test)"
REASON = "needs_human"
TEST_OF = "test_of"  # in a conversation's options: the key of the destination it tests
SUMMARY_MAX = 200
# Seconds since whenever, as `time.perf_counter` counts them.
Stopwatch = Callable[[], float]


class StepFailed(Exception):
    """A step of the test did not come out; the message says what was found."""


@dataclass(slots=True)
class Step:
    """One thing that was tried. detail: what was found, in a sentence."""

    label: str
    passed: bool = False
    milliseconds: int = 0
    detail: str = ""


@dataclass(slots=True)
class Trial:
    """A test while it runs."""

    stopwatch: Stopwatch
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, label: str) -> Iterator[Step]:
        """Times what is done inside; StepFailed is noted and goes on up."""
        step, began = Step(label), self.stopwatch()
        self.steps.append(step)
        try:
            yield step
            step.passed = True
        except StepFailed as failed:
            step.detail = str(failed)
            raise
        finally:
            step.milliseconds = round((self.stopwatch() - began) * 1000)


def run_destination_test(
    *, destination: Destination, user: User, at: datetime, stopwatch: Stopwatch
) -> DestinationTest:
    """Try every way the saved destination has, and keep what was found. A test that fails is a result, no error.

    Raises NotFound for a destination that was deleted meanwhile.
    """
    current = read_current_config(project=destination.project, environment=Environment.SANDBOX)
    config = current.config.destination(destination.key)
    if config is None:
        raise NotFound("destination")  # deleted since the page was asked for
    trial = Trial(stopwatch)
    try:
        if config.voice:
            _check_plan(trial, destination, config)
        if config.desk:
            _try_text(trial, destination, current, user, at)
    except StepFailed as failed:
        return _keep(trial, destination, current, user, at, passed=False, summary=str(failed))
    return _keep(trial, destination, current, user, at, passed=True, summary=_summary(config, trial))


def _check_plan(trial: Trial, destination: Destination, config: DestinationConfig) -> None:
    with trial.step(_("Plan the call with sample values")) as step:
        line = choose_line(destination.line_key, read_build_lines(destination.project))
        variables = read_facts(None, destination.project, masked=False).variables
        plan = plan_transfer(destination=config, line=line, arguments=CallArguments(), variables=variables)
        # A sample conversation has no state: a header that needs it is no fault of the destination.
        problems = [lint.sentence for lint in plan.problems if lint.code != "variable-required"]
        if problems:
            raise StepFailed(problems[0])
        step.detail = (
            _("{method} {target}. No call was placed")
            .format(method=plan.method.upper(), target=plan.target)
            .replace(" .", ".")
        )


def _try_text(trial: Trial, destination: Destination, current: CurrentConfig, user: User, at: datetime) -> None:
    _find_queue(trial, destination, current, at)
    with trial.step(_("Open a sandbox conversation")):
        conversation = open_sandbox_session(
            project=destination.project,
            user=user,
            customer_name=CUSTOMER_NAME,
            options={"platform": "test", TEST_OF: destination.key},
        )
    try:
        _hand_off(trial, destination, conversation, current, at)
        _look_in_queue(trial, conversation)
    finally:
        _close(trial, conversation, at)


def _find_queue(trial: Trial, destination: Destination, current: CurrentConfig, at: datetime) -> None:
    with trial.step(_("Find a queue that is open now")) as step:
        route = find_route(current.config, asked_for=destination.key, at=at)
        if route.arrival is not Arrival.QUEUE or route.destination is None or route.queue is None:
            raise StepFailed(say_nobody(route, at=at))
        if route.destination.key != destination.key:
            raise StepFailed(_("It takes nobody now, handoffs go on to {name}").format(name=route.destination.name))
        step.detail = route.queue.name


def _hand_off(
    trial: Trial, destination: Destination, conversation: Conversation, current: CurrentConfig, at: datetime
) -> None:
    request = HandoffRequest(
        Trigger.API, REASON, destination.utterance, destination.key, evidence={"text": _("A test of this destination")}
    )
    with trial.step(_("Hand it off")), transaction.atomic():
        locked = lock_conversation(conversation.pk)
        handoff = start_handoff(conversation=locked, request=request, current=current, at=at)
        # Another end than a queue leaves nothing behind: the transaction is undone.
        if handoff is None or not QueueEntry.objects.filter(handoff=handoff, state="waiting").exists():
            raise StepFailed(_("The handoff did not come to a queue"))


def _look_in_queue(trial: Trial, conversation: Conversation) -> None:
    with trial.step(_("See it in the queue")) as step:
        entry = QueueEntry.objects.filter(conversation=conversation).order_by("-entered_at").first()
        if entry is None:
            raise StepFailed(_("It is not in the queue"))
        taken = entry.state != "waiting"
        step.detail = _("Somebody claimed it meanwhile") if taken else _("It waited there for a person")


def _close(trial: Trial, conversation: Conversation, at: datetime) -> None:
    with trial.step(_("Close it again")):
        cancel_waiting(conversation_id=conversation.pk, at=at)
        end_session(conversation_id=conversation.pk, reason=EndReason.NATURAL_END, at=at)


def _summary(config: DestinationConfig, trial: Trial) -> str:
    if not config.desk:
        return _("The plan holds. No call was placed")
    milliseconds = sum(step.milliseconds for step in trial.steps)
    return _("Reached the queue and was closed again, {ms} ms").format(ms=milliseconds)


def _keep(
    trial: Trial,
    destination: Destination,
    current: CurrentConfig,
    user: User,
    at: datetime,
    *,
    passed: bool,
    summary: str,
) -> DestinationTest:
    newest = Release.objects.filter(project=destination.project).order_by("-number").values_list("number", flat=True)
    return DestinationTest.objects.create(
        project=destination.project,
        destination_key=destination.key,
        passed=passed,
        summary=summary[:SUMMARY_MAX],
        steps=[asdict(step) for step in trial.steps],
        snapshot_hash=current.snapshot_hash,
        release_number=newest.first(),
        tested_by=user,
        tested_at=at,
    )
