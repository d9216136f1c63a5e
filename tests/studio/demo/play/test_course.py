from studio.demo.play.course import Course


def frame(kind, custom=None, **payload):
    found = {"id": "1", "type": f"EVENT_TYPE_{kind}", "payload": payload}
    return {**found, "metadata": {"custom": custom}} if custom else found


HANDED_OFF = frame(
    "POLY_AGENT_TRIGGERED_HANDOFF", {"reason": "complaint", "trigger": "function", "destination": "desk"}
)


def course_of(*frames):
    course = Course(line=1, turns=3)
    for second, one in enumerate(frames):
        course.hear(one, at=float(second))
    return course


def test_an_answer_of_the_ai_and_of_a_human_are_told_apart():
    joined = frame("LIVE_AGENT_JOINED", agent={"id": "7", "name": "Maya"})
    course = course_of(frame("POLY_AGENT_MESSAGE", text="a"), HANDED_OFF, joined, frame("LIVE_AGENT_MESSAGE", text="b"))
    assert (course.ai_answers, course.human_answers, course.answers, course.humans) == (1, 1, 2, ["Maya"])


def test_a_handoff_is_told_with_its_reason_and_the_wait_until_somebody_joins():
    course = course_of(HANDED_OFF, frame("USER_MESSAGE", text="?"), frame("LIVE_AGENT_JOINED", agent={"name": "Maya"}))
    handoff = course.handoffs[0]
    assert (handoff.reason, handoff.trigger, handoff.destination) == ("complaint", "function", "desk")
    assert (handoff.wait_seconds, course.is_waiting, course.is_with_ai) == (2.0, False, False)


def test_a_second_human_does_not_change_the_wait():
    maya, tomas = (frame("LIVE_AGENT_JOINED", agent={"name": name}) for name in ("Maya", "Tom\u00e1s"))
    course = course_of(HANDED_OFF, maya, tomas)
    assert (course.handoffs[0].wait_seconds, course.humans) == (1.0, ["Maya", "Tom\u00e1s"])


def test_whoever_is_handed_off_waits_until_it_is_over():
    assert course_of(HANDED_OFF).is_waiting
    for end, given_up in (
        (frame("HANDOFF_TIMEOUT"), "timed out"),
        (frame("HANDOFF_FAILED"), "failed"),
        (frame("POLY_AGENT_JOINED"), "returned"),
        (frame("SESSION_END", reason="REASON_USER_END"), ""),
    ):
        course = course_of(HANDED_OFF, end)
        assert (course.is_waiting, course.handoffs[0].given_up, course.handoffs[0].wait_seconds) == (
            False,
            given_up,
            None,
        )


def test_a_batch_counts_like_its_frames_one_by_one():
    batch = frame("EVENT_BATCH", events=[frame("POLY_AGENT_MESSAGE", text="a"), HANDED_OFF])
    assert (course_of(batch).ai_answers, len(course_of(batch).handoffs)) == (1, 1)


def test_an_error_told_by_the_system_is_a_problem_and_news_are_none():
    news, error = (
        frame("SYSTEM_MESSAGE", level=f"SYSTEM_MESSAGE_LEVEL_{level}", message=level.lower())
        for level in ("INFO", "ERROR")
    )
    assert course_of(news, error).problems == ["error"]


def test_frames_of_no_interest_or_of_another_world_change_nothing():
    odd = [frame("HANDOFF_QUEUE_STATUS", position_in_queue=1), frame("TELEPATHY"), {"type": 7}, {}]
    assert course_of(*odd) == Course(line=1, turns=3)


def test_what_was_seen_before_the_socket_was_lost_does_not_count_again():
    first, second = ({**frame("POLY_AGENT_MESSAGE", text="a"), "sequence": number} for number in (4, 5))
    course = course_of(first, frame("EVENT_BATCH", events=[first, second]), first)
    assert (course.ai_answers, course.cursor) == (2, 5)
