"""Template tags of forms: one field with its label, hint and error, wired for screen readers."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

FIELD = "studio/forms/_field.html"


@register.inclusion_tag(FIELD)
def field(bound: BoundField, hint: str = "", label: str = "", css: str = "") -> dict[str, Any]:
    """A labelled input, select or textarea. hint, label: instead of the form's own; css: more classes of the input
    (`hs-input--mono`)."""
    return _shown(bound, hint, label, css)


@register.inclusion_tag("studio/forms/_switch.html")
def switch(bound: BoundField, hint: str = "", label: str = "") -> dict[str, Any]:
    """A checkbox drawn as a switch, its words at the left, on a row of its own."""
    return _shown(bound, hint, label, "")


@register.inclusion_tag("studio/forms/_segments.html")
def segments(bound: BoundField, hint: str = "", label: str = "", hide_label: bool = False) -> dict[str, Any]:
    """Two to five exclusive choices as a segmented control: radio inputs underneath."""
    return {**_shown(bound, hint, label, ""), "hide_label": hide_label}


@register.inclusion_tag("studio/forms/_checks.html")
def checks(bound: BoundField, hint: str = "", label: str = "") -> dict[str, Any]:
    """Several choices as checkboxes under one legend."""
    return _shown(bound, hint, label, "")


def _shown(bound: BoundField, hint: str, label: str, css: str) -> dict[str, Any]:
    return {
        "bound": bound,
        "hint": hint or bound.help_text,
        "label": label or bound.label,
        "control": _control(bound, hint, css),
    }


def _control(bound: BoundField, hint: str, css: str) -> SafeString:
    described = f"{bound.id_for_label}_hint" if (hint or bound.help_text) and not bound.errors else ""
    wrong = f"{bound.id_for_label}_error" if bound.errors else ""
    attributes: dict[str, str | bool] = {
        "class": " ".join(filter(None, ("hs-input", css, bound.field.widget.attrs.get("class", "")))),
        **({"aria-invalid": "true"} if bound.errors else {}),
        **({"aria-describedby": described or wrong} if described or wrong else {}),
    }
    return bound.as_widget(attrs=attributes)
