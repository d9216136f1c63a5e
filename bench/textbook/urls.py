"""Addresses of the textbook project."""

from django.urls import path

from bench.textbook.api import HandoffView

urlpatterns = [path("handoffs/<str:shared_id>", HandoffView.as_view())]
