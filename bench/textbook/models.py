"""Rooms and their messages, keys and handoffs."""

import uuid

from django.db import models


class Room(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    sequence = models.PositiveIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "sequence"], name="message_sequence")]
        ordering = ["sequence"]

    def __str__(self) -> str:
        return str(self.sequence)


class Key(models.Model):
    digest = models.CharField(max_length=64, unique=True)
    is_authenticated = True

    def __str__(self) -> str:
        return self.digest


class Handoff(models.Model):
    shared_id = models.CharField(max_length=200, unique=True)
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    state = models.CharField(max_length=20)
    reason = models.CharField(max_length=60)
    utterance = models.TextField(blank=True)
    destination = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    initiated_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.shared_id
