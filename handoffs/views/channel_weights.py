"""What a conversation of each channel takes of an agent's capacity."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, Page, console_page
from conversations.views.editing import answer_form
from handoffs.forms.channel_weights import ChannelWeightsForm
from handoffs.services.settings import ensure_settings

FORM = "handoffs/settings/channel_weights.html"


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def edit_channel_weights(request: HttpRequest, page: Page) -> HttpResponse:
    row = ensure_settings(project=page.project)
    form = ChannelWeightsForm(request.POST or None, instance=row, project=page.project)
    said = _("Weights saved")
    return answer_form(request, page, form, template=FORM, then="channel-weights", said=said, shown={"tab": "queues"})


urlpatterns = [path("settings/queues/weights/", edit_channel_weights, name="channel-weights")]
