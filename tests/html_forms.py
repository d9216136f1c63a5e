"""What a browser would send of a form, read out of the page."""

from html.parser import HTMLParser

Sent = dict[str, list[str]]
NOT_SENT = ("submit", "button", "reset", "file", "image")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Sent] = []
        self.targets: list[str] = []
        self._templates = 0
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._templates += 1
        if self._templates:
            return
        if tag == "form":
            self.forms.append({})
            is_post = given.get("method", "").lower() == "post"
            self.targets.append(given.get("hx-post") or (given.get("action") or "." if is_post else ""))
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._options = (given.get("name", ""), "multiple" in given), []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._textarea, self._text = given.get("name", ""), ""

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._templates -= 1
        elif tag == "select" and self._select:
            self._put_select(*self._select)
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            self._put(self._textarea, self._text.removeprefix("\n"))
            self._textarea = None

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        is_choice = kind in ("checkbox", "radio")
        if kind in NOT_SENT or "disabled" in given or (is_choice and "checked" not in given):
            return
        self._put(given.get("name", ""), given.get("value", "on" if is_choice else ""))

    def _put_select(self, name: str, is_multiple: bool) -> None:
        chosen = [value for value, is_selected in self._options if is_selected]
        if not chosen and not is_multiple:
            chosen = [value for value, _ in self._options[:1]]
        for value in chosen:
            self._put(name, value)

    def _put(self, name: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1].setdefault(name, []).append(value)


def read_form(html: str, *, holding: str) -> Sent:
    """The first form of the page that has a field of this name, as it would be sent untouched."""
    parser = _Forms()
    parser.feed(html)
    return next(form for form in parser.forms if holding in form)


def read_posts(html: str) -> list[tuple[str, Sent]]:
    """Every form of the page that is posted: where to, `.` for the page itself, and what of it would be sent."""
    parser = _Forms()
    parser.feed(html)
    return [(target, form) for target, form in zip(parser.targets, parser.forms, strict=True) if target]
