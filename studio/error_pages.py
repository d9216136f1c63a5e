"""Errors outside of any view: JSON on the addresses of interfaces, a page everywhere else."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from conversations.api.unanticipated import answer_unanticipated


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer_unanticipated(request, 400) or defaults.bad_request(request, exception)


def answer_403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer_unanticipated(request, 403) or defaults.permission_denied(request, exception)


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer_unanticipated(request, 404) or defaults.page_not_found(request, exception)


def answer_500(request: HttpRequest) -> HttpResponse:
    return answer_unanticipated(request, 500) or defaults.server_error(request)
