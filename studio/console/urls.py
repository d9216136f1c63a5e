from django.urls import path

from studio.console import home, login

urlpatterns = [
    path("", home.show_home, name="home"),
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
]
