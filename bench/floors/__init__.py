"""The least each scenario can cost on these parts: no Django, no Channels, none of the studio's code."""
