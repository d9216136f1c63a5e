"""Which topics answered: customers are not told, so it is read from the timelines where they are at hand."""

import uuid
from collections.abc import Sequence

from conversations.models import Event
from studio.demo.play.course import Course

NOT_UNDERSTOOD = "(not understood)"


def add_topics(courses: Sequence[Course]) -> None:
    """Write the topics of the AI's answers into the courses; conversations of another installation stay without."""
    by_session = {uuid.UUID(course.session_id): course for course in courses if course.session_id}
    answers = Event.objects.filter(conversation_id__in=by_session, type="ai.message", payload__has_key="topic")
    for session_id, topic in answers.order_by("conversation_id", "sequence").values_list(
        "conversation_id", "payload__topic"
    ):
        by_session[session_id].topics.append(str(topic) or NOT_UNDERSTOOD)
