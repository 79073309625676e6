"""The last gate before a page: whatever made the HTML, only these tags, attributes and classes pass.

`composer` escapes all that it did not write itself, so nothing should ever be caught here; a test says
that nothing is.
"""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe

SHAPES = {"path", "circle", "rect"}
TAGS = {
    *("p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em", "a", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "input", "label"),
    *("figure", "figcaption", "img", "svg", "title", "desc", "text", "tspan", *SHAPES),
}
ATTRIBUTES = {
    "a": {"href", "data-cite", "data-also", "rel"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"start"},
    "span": {"id"},
    "div": {"aria-label"},
    "th": {"colspan"},
    "input": {"id"},
    "label": {"for"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "svg": {"viewBox", "aria-labelledby"},
    "title": {"id"},
    "desc": {"id"},
    "path": {"d"},
    "circle": {"cx", "cy", "r"},
    "rect": {"x", "y", "width", "height"},
    "text": {"x", "y"},
}
VALUES = {
    "span": {"lang": {"ko", "ja", "ko-Latn", "ja-Latn"}},
    "div": {"role": {"group", "region"}, "tabindex": {"0"}},
    "th": {"scope": {"col", "row"}},
    "input": {"type": {"checkbox"}, "aria-expanded": {"false"}},
    "img": {"loading": {"lazy"}, "decoding": {"async"}},
    "svg": {"role": {"img"}, "aria-hidden": {"true"}},
    "text": {"text-anchor": {"start", "middle", "end"}},
    "tspan": {"lang": {"ko", "ja"}},
}
SHORES = {"korea", "japan"}
OF_CHARTS = {"axis", "data", "dense", "dot", "mark", "block", "hollow"}
OF_MAPS = {"shelf", "ground", "shoreline", "truce", "lead", "town", "ring"}
CLASSES = {
    "a": {"code", "ref"},
    "span": {
        *("s", "note", "inplace", "code", "who", "caution", "unseen", "missing", "soft", "title", "credit"),
        *("shores", "says", "name", "usage", *SHORES),
    },
    "div": {"shores", "scroll", *SHORES},
    "p": {"says", "from", "usage", "caution", "small", "soft", "missing", *SHORES},
    "input": {"open", "word"},
    "label": {"ref", "word"},
    "table": {"plain-table"},
    "th": {"n"},
    "td": {"n"},
    "details": {"table"},
    "figure": {"picture"},
    "svg": {"chart", "icon", "map"},
    "text": {"big", "soft", "warn", "sea", "strait", "state", "told"},
    "tspan": {"native"},
    **{shape: {*OF_CHARTS, *OF_MAPS, *SHORES} for shape in SHAPES},
}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    tag_attribute_values=VALUES,
    allowed_classes=CLASSES,
    url_schemes={"https"},
    link_rel=None,
)


def clean(html: str) -> SafeString:
    """HTML that holds nothing but what is listed above."""
    return mark_safe(_CLEANER.clean(re.sub(r"[\ud800-\udfff]", "\ufffd", html)))
