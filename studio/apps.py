from django.apps import AppConfig

from studio.celery import app as celery_app

__all__ = ["StudioConfig", "celery_app"]  # imported here, every process has the worker application as its current one


class StudioConfig(AppConfig):
    name = "studio"
    label = "studio"
