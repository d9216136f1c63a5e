import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection

from handoffs.models import Schedule
from handoffs.services.schedules import duplicate_schedule


@pytest.mark.django_db(transaction=True)
def test_hours_copied_twice_at_once_become_two_copies_with_two_names(project, owner):
    hours = Schedule.objects.create(project=project, key="office", name="Office", time_zone="Europe/London")
    start = threading.Barrier(2, timeout=20)

    def duplicate(_):
        with closing(connection):
            start.wait()
            return duplicate_schedule(schedule=hours, user=owner).name

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(duplicate, range(2))) == {"Copy of Office", "Copy of Office 2"}
