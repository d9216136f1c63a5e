from django.urls import include, path

from studio.console import home, login

urlpatterns = [
    path("", home.show_home, name="home"),
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
    path("", include("studio.console.first_run")),
    path("", include("studio.console.demo_workspace")),
    path("", include("studio.console.palette")),
    path("", include("studio.console.mail_test")),
    path("", include("studio.console.invitations")),
    path("people/", include("studio.console.people")),
    path("people/teams/", include("studio.console.teams")),
    path("", include("studio.console.passwords")),
    path("", include("studio.console.profile")),
    path("", include("studio.console.projects")),
    path("", include("studio.console.welcome")),
]
