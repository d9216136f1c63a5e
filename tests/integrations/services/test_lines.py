import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection

from conversations.domain.vocabulary import Environment
from handoffs.models import Line
from integrations.services.lines import copy_line


@pytest.mark.django_db(transaction=True)
def test_a_line_copied_twice_at_once_has_one_twin(project, owner, now):
    line = Line.objects.create(project=project, environment="sandbox", key="sbc", name="SBC", domain="sbc.example")
    start = threading.Barrier(2, timeout=20)

    def copy(_):
        with closing(connection):
            start.wait()
            return copy_line(line=line, to=Environment.LIVE, user=owner, at=now).pk

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(copy, range(2)))) == 1
