"""GET one handoff by its shared id: a generic DRF view with a ModelSerializer and a key."""

import hashlib

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import ModelSerializer

from bench.textbook.models import Handoff, Key


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Key, None]:
        digest = hashlib.sha256(request.headers.get("x-api-key", "").encode()).hexdigest()
        key = Key.objects.filter(digest=digest).first()
        if key is None:
            raise AuthenticationFailed
        return key, None


class HandoffSerializer(ModelSerializer):
    class Meta:
        model = Handoff
        fields = "__all__"


class HandoffView(RetrieveAPIView):
    authentication_classes = [KeyAuthentication]
    permission_classes = [IsAuthenticated]
    queryset = Handoff.objects.select_related("room")
    serializer_class = HandoffSerializer
    lookup_field = "shared_id"
