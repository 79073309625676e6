"""Reading HTML back: what is in it, and whether that is valid and allowed."""

from html.parser import HTMLParser

from lessons import clean

PHRASING = {"a", "br", "em", "img", "input", "label", "path", "span", "strong", "svg"}
VOID = {"br", "hr", "img", "input"}


class Html5(HTMLParser):
    """Reads HTML back: its elements, its text, and where it breaks the rules of nesting."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.events: list[object] = []
        self.text = ""
        self.feed(html)
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")
        ids = [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]
        self.faults += [f"two ids {key}" for key in {key for key in ids if ids.count(key) > 1}]
        self.faults += [f"label for {a['for']}" for tag, a in self.elements if tag == "label" and a["for"] not in ids]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.events.append((tag, sorted(attrs, key=str)))
        if ("p" in self.open or "span" in self.open) and tag not in PHRASING:
            self.faults.append(f"{tag} in {self.open}")
        if tag in ("a", "label", "input") and ("a" in self.open or "label" in self.open):
            self.faults.append(f"{tag} in {self.open}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self.events.append(f"/{tag}")
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"stray </{tag}>")

    def handle_data(self, data):
        self.text += data
        if self.events and isinstance(self.events[-1], str) and self.events[-1].startswith("'"):
            self.events[-1] += data
        else:
            self.events.append("'" + data)


def check(out: str) -> Html5:
    """The HTML read back, if it is valid and holds nothing that is not on the list."""
    read = Html5(out)
    assert not read.faults
    for tag, attrs in read.elements:
        assert tag in clean.TAGS
        for name, value in attrs.items():
            if name == "class":
                assert set(value.split()) <= clean.CLASSES[tag], (tag, value)
            elif name in clean.VALUES.get(tag, {}):
                assert value in clean.VALUES[tag][name]
            else:
                assert name in {known.lower() for known in clean.ATTRIBUTES.get(tag, ())}, (tag, name)
            if name in ("href", "src"):
                assert value.startswith(("/", "#", "https://", "./", "../"))
                assert not value.startswith(("//", "/\\"))
    return read
