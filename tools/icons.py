"""The Tabler icons the console uses; `python -m tools.vendor` builds the sprite from exactly these.

Fixed meanings: sparkles AI, headset human episode, route destinations, transfer transfer, zzz snooze, check close,
arrow-back-up hand back, flask sandbox, test-pipe test, eye-code preview, radar-2 coverage, git-compare diff and
replay, checks receipts, clipboard-check context contract, shield-check verified, shield-lock forbidden topic,
ear whisper, eye watch, flame fire drill, versions releases, grip-vertical order.
"""

OUTLINE = frozenset(
    """
    adjustments-horizontal alert-circle alert-triangle api arrow-back-up arrow-narrow-right arrow-right books
    brand-whatsapp chart-bar check checklist checks chevron-down chevron-left chevron-right chevron-up circle
    circle-check circle-dashed circle-minus circle-x clipboard-check clock clock-pause code copy device-desktop
    device-mobile dots ear edit external-link eye eye-code eye-off filter flag flame flask git-compare
    grip-vertical headset heartbeat help-circle history home hourglass inbox info-circle key keyboard list-details
    lock logout mail menu-2 message messages mood-smile moon news paperclip phone pin plug plug-connected-x plus
    radar-2 refresh route search selector send settings shield-check shield-lock sitemap slash sparkles star sun
    tag test-pipe thumb-down thumb-up transfer trash user users versions volume webhook world x zzz
    """.split()
)
FILLED = frozenset("circle-check player-play star".split())
