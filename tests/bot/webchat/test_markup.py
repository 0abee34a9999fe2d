"""HTML and MarkdownV2 become text and entities as Telegram makes them; what it finds; how long texts are cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webchat.base.protocol import JsonObject, Refusal
from bot.webchat.http.person_actions import split_text
from bot.webchat.markup.entities import cut, trimmed, units, with_found
from bot.webchat.markup.html import parse_html
from bot.webchat.markup.markdown import parse_markdown, parse_plain_markdown


def marks(parsed: tuple[str, list[JsonObject]]) -> tuple[str, list[tuple[str, str]]]:
    text, entities = parsed
    return text, [(one["type"], cut(text, one["offset"], one["length"])) for one in entities]


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("<b>a</b><strong>b</strong>", "ab", [("bold", "a"), ("bold", "b")]),
        ("<i>a</i><em>b</em>", "ab", [("italic", "a"), ("italic", "b")]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", "a"), ("underline", "b")]),
        ("<s>a</s><del>b</del>", "ab", [("strikethrough", "a"), ("strikethrough", "b")]),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', "ab", [("spoiler", "a"), ("spoiler", "b")]),
        ("🙂<code>x&lt;y</code>", "🙂x<y", [("code", "x<y")]),
        ("<b>1<i>2</i></b>", "12", [("bold", "12"), ("italic", "2")]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", "q")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("&amp;&quot;&#33;&#x21;&nbsp;", '&"!!&nbsp;', []),
        ("<B>x</B>", "x", [("bold", "x")]),
        ("<a>plain</a>", "plain", []),
    ],
)
def test_html(source: str, text: str, found: list[tuple[str, str]]) -> None:
    assert marks(parse_html(source)) == (text, found)


def test_html_links_and_languages_keep_their_values() -> None:
    assert parse_html('<a href="https://e.org/?a=1&amp;b=2">x</a>')[1] == [
        {"type": "text_link", "url": "https://e.org/?a=1&b=2", "offset": 0, "length": 1}
    ]
    assert parse_html('<pre><code class="language-py">x</code></pre>')[1] == [
        {"type": "pre", "language": "py", "offset": 0, "length": 1}
    ]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ('<span class="x">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_html_that_telegram_refuses(source: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        (
            "*a* _b_ __c__ ~d~ ||e||",
            "a b c d e",
            [("bold", "a"), ("italic", "b"), ("underline", "c"), ("strikethrough", "d"), ("spoiler", "e")],
        ),
        (r"`a\`b` \*", "a`b *", [("code", "a`b")]),
        ("```py\nx = 1```", "x = 1", [("pre", "x = 1")]),
        (r"[a\]](https://e.org/\))", "a]", [("text_link", "a]")]),
        (">one\n>two\nthree", "one\ntwo\nthree", [("blockquote", "one\ntwo")]),
        ("*a _b_*", "a b", [("bold", "a b"), ("italic", "b")]),
        (">one\n>two||\nthree", "one\ntwo\nthree", [("expandable_blockquote", "one\ntwo")]),
        (">one\n**>two", "one\ntwo", [("blockquote", "one"), ("blockquote", "two")]),
        (">a ||b||", "a b", [("blockquote", "a b"), ("spoiler", "b")]),
        ("![x](tg://emoji?id=5)", "x", [("custom_emoji", "x")]),
        (r"[e\.org]", "e.org", [("text_link", "e.org")]),
    ],
)
def test_markdown(source: str, text: str, found: list[tuple[str, str]]) -> None:
    assert marks(parse_markdown(source)) == (text, found)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a]", "Character ']' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("a!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
        ("é *a", "Can't find end of Bold entity at byte offset 3"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("*a _b*", "Can't find end of Italic entity at byte offset 3"),
        ("[a", "Can't find end of TextUrl entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
        ("![a](b)", "The entity must contain a tg://emoji or tg://time URL"),
    ],
)
def test_markdown_that_telegram_refuses(source: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_markdown(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("*a* _b_ `c`", "a b c", [("bold", "a"), ("italic", "b"), ("code", "c")]),
        ("[🙂](https://e.org/) [e.org]", "🙂 e.org", [("text_link", "🙂"), ("text_link", "e.org")]),
        ("```\nx```", "x", [("pre", "x")]),
        ("```py\nx = 1```", "x = 1", [("pre", "x = 1")]),
        (r"\*a\_\`\[ \b", r"*a_`[ \b", []),
        ("*a _b*", "a _b", [("bold", "a _b")]),
        ("a.b! #c ** - >", "a.b! #c  - >", []),
    ],
)
def test_plain_markdown(source: str, text: str, found: list[tuple[str, str]]) -> None:
    assert marks(parse_plain_markdown(source)) == (text, found)


@pytest.mark.parametrize("source", ["é *a", "é _a", "é `a", "é [a", "é ```a`"])
def test_plain_markdown_that_telegram_refuses(source: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_plain_markdown(source)
    where = "Can't find end of the entity starting at byte offset 3"
    assert refused.value.description == f"Bad Request: can't parse entities: {where}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see /case_K7QM3D.", [("bot_command", "/case_K7QM3D")]),
        ("and/or 1/2", []),
        ("go to https://e.org/a?b=1, please", [("url", "https://e.org/a?b=1")]),
        ("e.org and me@e.org", [("url", "e.org"), ("email", "me@e.org")]),
        ("call +44 20 7946 0000 now", [("phone_number", "+44 20 7946 0000")]),
        ("@someone #topic", [("mention", "@someone"), ("hashtag", "#topic")]),
    ],
)
def test_what_is_found_without_being_marked(text: str, found: list[tuple[str, str]]) -> None:
    assert marks((text, with_found(text, []))) == (text, found)


def test_nothing_is_found_inside_code() -> None:
    assert with_found("/start", [{"type": "code", "offset": 0, "length": 6}]) == [
        {"type": "code", "offset": 0, "length": 6}
    ]


def test_trimming_moves_entities() -> None:
    text, entities = trimmed(
        "  a b ", [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 4, "length": 2}]
    )
    assert marks((text, entities)) == ("a b", [("bold", "a"), ("italic", "b")])


@given(st.text(max_size=300))
def test_escaped_html_says_what_was_written(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == (text, [])


@given(st.text(alphabet="ab <>/&;*_`[]()\\|~\n🙂", max_size=80))
def test_any_markup_is_read_or_refused_and_entities_fit_the_text(source: str) -> None:
    for parse in (parse_html, parse_markdown, parse_plain_markdown):
        try:
            text, entities = parse(source)
        except Refusal:
            continue
        assert all(0 <= one["offset"] < one["offset"] + one["length"] <= units(text) for one in entities)


@given(st.text(alphabet="ab \n🙂", min_size=1, max_size=60).map(lambda text: text * 300))
def test_long_texts_are_cut_into_parts_that_fit_and_lose_no_letter(text: str) -> None:
    parts = split_text(text)
    assert all(part and units(part) <= 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "part", ["x", "x.", "a-", "a.b", "a@", "a@b.co ", "/a ", "#a ", "http://)", "foo.com/..", "+1234567"]
)
def test_whatever_is_typed_is_looked_through_in_a_moment(part: str) -> None:
    text = (part * 4096)[:4096]
    began = time.process_time()
    assert len(with_found(text, [])) <= 100
    assert time.process_time() - began < 0.1, "some of these once took more than half a second"
