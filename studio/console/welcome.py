"""`/welcome/`: the first admin of a new installation, by the link that was printed at the start."""

from django.contrib.auth import login as start_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.console.invitations import MODEL_BACKEND
from studio.console.password_forms import FirstAdminForm
from studio.first_admin import NotTheFirst, WrongSecret, check_secret, create_first_admin


@sensitive_post_parameters("password", "repeated")
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    secret, form = request.GET.get("secret", ""), FirstAdminForm(request.POST or None)
    try:
        check_secret(secret)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            user = create_first_admin(
                secret=secret,
                account=typed["account"],
                full_name=typed["full_name"],
                email=typed["email"],
                password=typed["password"],
            )
            start_session(request, user, MODEL_BACKEND)
            return redirect("project-create")
    except NotTheFirst:
        return redirect("login")
    except WrongSecret:
        return render(request, "studio/account/welcome_refused.html", status=403)
    return render(request, "studio/account/welcome.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [path("welcome/", welcome, name="welcome")]
