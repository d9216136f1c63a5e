"""A test mail to oneself, from wherever the state of e-mail is shown, with what the mail server really answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import WRITE, Page, console_page
from studio.mail import NotSent, NotSetUp, send_test_email


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE)
def send(request: HttpRequest, page: Page) -> HttpResponse:
    problem, answer = "", ""
    try:
        answer = send_test_email(to=page.user.email) or _("written to the console of the process")
    except NotSetUp:
        problem = _("there is no mail server")
    except NotSent as refused:
        problem = str(refused)
    template = (
        "studio/people/_email_state.html" if request.headers.get("HX-Request") else "studio/people/email_test.html"
    )
    return render(request, template, page.context(mail_answer=answer, mail_problem=problem))


urlpatterns = [path("email/test/", send, name="email-test")]
