"""The composition root: settings, routes, processes, console. Imported by nobody."""

# Every process that promises work must know the broker, so the worker application is loaded with Django.
from studio.celery import app as celery_app

__all__ = ["celery_app"]
