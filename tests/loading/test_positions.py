"""Where keys and values stand in a TOML text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import tomli
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from perfeval.loading.positions import Located, Path, Position, positions


def at(line: int, column: int) -> Position:
    return Position(line, column)


def found(text: str) -> dict[Path, tuple[Position, Position]]:
    """The positions as plain pairs of key and value, for a text that the parser accepts."""
    assert set(positions(text)) == set(paths(tomli.loads(text)))
    return {path: (located.key, located.value) for path, located in positions(text).items()}


def paths(document: object, above: Path = ()) -> Iterator[Path]:
    """Every path below the root of a parsed document."""
    if isinstance(document, Mapping):
        entries: Any = document.items()
    elif isinstance(document, list):
        entries = enumerate(document)
    else:
        return
    for step, entry in entries:
        yield (*above, step)
        yield from paths(entry, (*above, step))


# Keys and values


def test_an_empty_text_has_no_positions() -> None:
    assert found("") == {}
    assert found("\n \t\n# only a comment") == {}


def test_a_key_and_its_value_are_counted_from_one() -> None:
    assert found("a=1") == {("a",): (at(1, 1), at(1, 3))}


def test_blanks_around_a_key_and_its_value_are_not_part_of_them() -> None:
    assert found("\n \ta \t= \t1 \t# why") == {("a",): (at(2, 3), at(2, 9))}


def test_a_comment_may_follow_a_value_at_once_and_hold_anything() -> None:
    assert found("a = [1#, [b = 2\n,3#]\n]#c = 4\nd = 5") == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", 0): (at(1, 6), at(1, 6)),
        ("a", 1): (at(2, 2), at(2, 2)),
        ("d",): (at(4, 1), at(4, 5)),
    }


def test_a_bare_key_may_hold_dashes() -> None:
    assert found("-a_1-.2-b = 1") == {("-a_1-",): (at(1, 1), at(1, 7)), ("-a_1-", "2-b"): (at(1, 7), at(1, 13))}


def test_columns_count_characters_not_bytes() -> None:
    assert found("'名😀称' = '值'") == {("名😀称",): (at(1, 1), at(1, 9))}


@pytest.mark.parametrize(
    "value",
    [
        "true",
        "false",
        "0",
        "-1_000",
        "0xDEAD_beef",
        "0o17",
        "0b1",
        "6.02e+23",
        "+inf",
        "-nan",
        "1979-05-27",
        "07:32:00.5",
        "07:32",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00.999-07:00",
        "1979-05-27 07:32",
        '""',
        "''",
        r'"\" \\ \u00e9 \U0001F600 \n \e \x41 # ] } , ="',
        r"'C:\ # ] } , = \'",
        '""""""',
        "''''''",
        '"""one"""',
        '"""\none\n"two" ""three""\n#]},\n\\""" \\\\"""',
        '"""one \\   \n\n   two\\\n"""',
        '"""one"""" ',
        '"""one"""""',
        '""""one"""',
        '"""""one"""',
        '""""""""',
        "'''one'''",
        "'''\n'one' ''two''\n\\\n#]},'''",
        "'''one''''",
        "'''one'''''",
        "''''one'''",
        "''''''''",
        "'\u2028\u0085\u00a0'",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_reading_goes_on_behind_a_value(value: str, newline: str) -> None:
    lines = value.count("\n")
    last = len(value.rpartition("\n")[2])
    first_column = 6 if lines == 0 else 1
    assert found(f"a = [{value}, {{b = 1}}]\nc = {value}\nd = 1".replace("\n", newline)) == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", 0): (at(1, 6), at(1, 6)),
        ("a", 1): (at(1 + lines, first_column + last + 2),) * 2,
        ("a", 1, "b"): (at(1 + lines, first_column + last + 3), at(1 + lines, first_column + last + 7)),
        ("c",): (at(2 + lines, 1), at(2 + lines, 5)),
        ("d",): (at(3 + 2 * lines, 1), at(3 + 2 * lines, 5)),
    }


def test_a_quoted_key_is_found_under_the_name_it_means() -> None:
    text = "\n".join(
        [
            r'"a.b # = [x]" = 1',
            r"'c\n' = 2",
            r'"\u0041\U0001F600\n\t\"\\" = 3',
            r'"\e\x42" = 4',
            "'' = 5",
        ]
    )
    assert {path: key for path, (key, _) in found(text).items()} == {
        ("a.b # = [x]",): at(1, 1),
        ("c\\n",): at(2, 1),
        ('A😀\n\t"\\',): at(3, 1),
        ("\x1bB",): at(4, 1),
        ("",): at(5, 1),
    }


def test_a_number_as_a_key_is_a_name() -> None:
    assert found("1.0 = 2") == {("1",): (at(1, 1), at(1, 3)), ("1", "0"): (at(1, 3), at(1, 7))}


def test_each_part_of_a_dotted_key_stands_where_it_is_written() -> None:
    assert found('a . "b c".d = 1') == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", "b c"): (at(1, 5), at(1, 11)),
        ("a", "b c", "d"): (at(1, 11), at(1, 15)),
    }


def test_a_table_of_dotted_keys_stands_at_the_first_of_them() -> None:
    assert found("[t]\na.b = 1\na.c = 2") == {
        ("t",): (at(1, 2), at(1, 1)),
        ("t", "a"): (at(2, 1), at(2, 3)),
        ("t", "a", "b"): (at(2, 3), at(2, 7)),
        ("t", "a", "c"): (at(3, 3), at(3, 7)),
    }


# Arrays and inline tables


def test_an_element_of_an_array_stands_where_its_value_begins() -> None:
    assert found("a = [ 1, [],\n\n  # , [2]\n 'x' # last\n , ]") == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", 0): (at(1, 7), at(1, 7)),
        ("a", 1): (at(1, 10), at(1, 10)),
        ("a", 2): (at(4, 2), at(4, 2)),
    }


def test_the_keys_of_an_inline_table_may_be_dotted() -> None:
    assert found("a = {b.c = 1, b.d = {}, e = 2}") == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", "b"): (at(1, 6), at(1, 8)),
        ("a", "b", "c"): (at(1, 8), at(1, 12)),
        ("a", "b", "d"): (at(1, 17), at(1, 21)),
        ("a", "e"): (at(1, 25), at(1, 29)),
    }


def test_an_inline_table_may_run_over_lines_and_end_in_a_comma() -> None:
    assert found("a = { # one\n  b = 1, # }\n  c = 2,\n}\nd = 3") == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", "b"): (at(2, 3), at(2, 7)),
        ("a", "c"): (at(3, 3), at(3, 7)),
        ("d",): (at(5, 1), at(5, 5)),
    }


def test_tables_and_arrays_nest_in_each_other() -> None:
    assert found("a = [{b = [{}, {c = [1]}]}, []]") == {
        ("a",): (at(1, 1), at(1, 5)),
        ("a", 0): (at(1, 6), at(1, 6)),
        ("a", 0, "b"): (at(1, 7), at(1, 11)),
        ("a", 0, "b", 0): (at(1, 12), at(1, 12)),
        ("a", 0, "b", 1): (at(1, 16), at(1, 16)),
        ("a", 0, "b", 1, "c"): (at(1, 17), at(1, 21)),
        ("a", 0, "b", 1, "c", 0): (at(1, 22), at(1, 22)),
        ("a", 1): (at(1, 29), at(1, 29)),
    }


# Headers


def test_a_table_is_named_in_its_header_and_begins_at_the_bracket() -> None:
    assert found("\n [ a ] # why\nb = 1") == {
        ("a",): (at(2, 4), at(2, 2)),
        ("a", "b"): (at(3, 1), at(3, 5)),
    }


def test_a_header_mentions_the_tables_around_it() -> None:
    assert found("[a . 'b']\n[a.c]") == {
        ("a",): (at(1, 2), at(1, 1)),
        ("a", "b"): (at(1, 6), at(1, 1)),
        ("a", "c"): (at(2, 4), at(2, 1)),
    }


def test_a_header_of_its_own_wins_over_an_earlier_mention() -> None:
    assert found("[a.b]\n[a]\n[a.c]") == {
        ("a",): (at(2, 2), at(2, 1)),
        ("a", "b"): (at(1, 4), at(1, 1)),
        ("a", "c"): (at(3, 4), at(3, 1)),
    }


def test_a_table_of_dotted_keys_stays_where_it_is_when_a_header_goes_through_it() -> None:
    assert found("[a]\nb.c = 1\n[a.b.d]") == {
        ("a",): (at(1, 2), at(1, 1)),
        ("a", "b"): (at(2, 1), at(2, 3)),
        ("a", "b", "c"): (at(2, 3), at(2, 7)),
        ("a", "b", "d"): (at(3, 6), at(3, 1)),
    }


def test_an_array_of_tables_stands_at_its_first_header_and_each_table_at_its_own() -> None:
    assert found("[[x]]\nk = 1\n[[ x ]]\n[[x]]\nk = 2") == {
        ("x",): (at(1, 3), at(1, 1)),
        ("x", 0): (at(1, 1), at(1, 1)),
        ("x", 0, "k"): (at(2, 1), at(2, 5)),
        ("x", 1): (at(3, 1), at(3, 1)),
        ("x", 2): (at(4, 1), at(4, 1)),
        ("x", 2, "k"): (at(5, 1), at(5, 5)),
    }


def test_a_header_below_an_array_of_tables_belongs_to_the_last_table() -> None:
    text = "[[x]]\n[[x]]\n[x.sub]\nk = 1\n[[x.y]]\n[[x.y]]\n[x.y.z]\n[[x]]\n[x.sub]"
    assert {path: key for path, (key, _) in found(text).items()} == {
        ("x",): at(1, 3),
        ("x", 0): at(1, 1),
        ("x", 1): at(2, 1),
        ("x", 1, "sub"): at(3, 4),
        ("x", 1, "sub", "k"): at(4, 1),
        ("x", 1, "y"): at(5, 5),
        ("x", 1, "y", 0): at(5, 1),
        ("x", 1, "y", 1): at(6, 1),
        ("x", 1, "y", 1, "z"): at(7, 6),
        ("x", 2): at(8, 1),
        ("x", 2, "sub"): at(9, 4),
    }


def test_a_table_may_have_its_header_after_an_array_of_tables_in_it() -> None:
    assert found("[[a.b]]\n[a]\nc = 1") == {
        ("a",): (at(2, 2), at(2, 1)),
        ("a", "b"): (at(1, 5), at(1, 1)),
        ("a", "b", 0): (at(1, 1), at(1, 1)),
        ("a", "c"): (at(3, 1), at(3, 5)),
    }


def test_a_name_that_is_a_number_is_not_an_element() -> None:
    assert list(found("[a.0]\n[a.0.b]\n[[c.0]]\n[c.0.0]")) == [
        ("a",),
        ("a", "0"),
        ("a", "0", "b"),
        ("c",),
        ("c", "0"),
        ("c", "0", 0),
        ("c", "0", 0, "0"),
    ]


# The whole


def test_line_endings_of_windows_change_no_position() -> None:
    text = '# one\n[a]\nb = """\n1\n\n2"""\nc = [\n  1,\n]\n\n[[x]]\ny = {\n z = 1 }\n'
    assert positions(text.replace("\n", "\r\n")) == positions(text)


def test_paths_come_in_the_order_of_the_document() -> None:
    text = "z = 1\n[b.c]\ny = [3, {x = 1}]\n[a]\n[b]\nd = 1"
    assert list(positions(text)) == list(paths(tomli.loads(text)))


def test_positions_do_not_change() -> None:
    located = positions("a = 1")
    with pytest.raises(TypeError):
        located["a",] = located["a",]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        located["a",].key = at(2, 2)  # type: ignore[misc]
    assert located["a",] == Located(key=at(1, 1), value=at(1, 5))


def test_values_nest_as_deep_as_the_parser_allows() -> None:
    text = "a = " + "[{b=" * 200 + "1" + "}]" * 200
    assert positions(text)[("a", *(0, "b") * 200)] == Located(at(1, 803), at(1, 805))


def test_keys_have_as_many_parts_as_the_parser_allows() -> None:
    key = ".".join(["a"] * 1_000)
    text = f"[{key}]\n{key} = 1"
    assert positions(text)[("a",) * 2_000] == Located(at(2, 1_999), at(2, 2_003))


@pytest.mark.parametrize(
    ("piece", "count", "entries"),
    [
        ("[[indicator]]\nname.'名称' = '\"' # why\nband = [{ at = 1, score = 2.5 }, [[]]]\n\n", 14_000, 9),
        ("k = '#'\n[[x]]\n", 70_000, 2),
    ],
)
def test_a_text_of_a_million_characters_is_read(piece: str, count: int, entries: int) -> None:
    text = "[[x]]\n" + piece * count
    assert len(text) > 900_000
    located = positions(text)
    assert len(located) >= entries * count
    assert max(each.value.line for each in located.values()) >= text.count("\n") - 2


@pytest.mark.parametrize(
    "value",
    [
        '"' + r"\n" * 500_000 + '"',
        '"""' + '""\n\\"' * 200_000 + '"""',
        "'''" + "''\n" * 330_000 + "'''",
        "[" + "1,\n" * 330_000 + "]",
        "[" + "# no\n" * 200_000 + "]",
        "{'b' = 1" + " " * 1_000_000 + "}",
        "1" * 4_000 + " " * 1_000_000,
    ],
)
def test_a_value_of_a_million_characters_is_read(value: str) -> None:
    assert positions(f"a = {value}\nz = 1")["z",].key == at(2 + value.count("\n"), 1)


# Any document: nested data, written in whichever of the styles that TOML has for it

NAMES = st.from_regex("[ab1_-]{1,2}", fullmatch=True) | st.text("ab-_1 .\"'#=[]{},\\\n\té项\u2028😀", max_size=4)
TEXTS = st.text("ab\"\"''\\\n\n\t #=[]{},\r\x00\x7fé项\u2028😀", max_size=12)
ZONES: Any = st.sampled_from([None, timezone.utc, timezone(timedelta(hours=8)), timezone(-timedelta(minutes=90))])
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    TEXTS,
    st.dates(date(1000, 1, 1)),
    st.times(),
    st.datetimes(datetime(1000, 1, 1), timezones=ZONES),
)
ENTRIES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(st.dictionaries(NAMES, inner, max_size=3), min_size=1, max_size=3),
        st.dictionaries(NAMES, inner, min_size=1, max_size=3),
        st.dictionaries(NAMES, st.dictionaries(NAMES, inner, max_size=3), max_size=3),
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(NAMES, ENTRIES, max_size=5)


class Writer:
    """Writes data as TOML, drawing a style wherever there is a choice."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def document(self, data: Mapping[str, Any]) -> str:
        text = "".join(self.body(data, ()))
        return text.replace("\n", self.one_of("\n", "\r\n"))

    def body(self, table: Mapping[str, Any], above: Sequence[str]) -> list[str]:
        """The lines of a table: first those that need no header, then its sections."""
        lines: list[str] = []
        sections: list[str] = []
        for name, value in table.items():
            styles = ["inline"]
            if isinstance(value, dict):
                styles += ["header"] * 2
            if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
                styles += ["header"] * 2
            if self.one_of(*styles) == "header":
                sections += self.sections([*above, name], value)
            else:
                lines += (self.line(pair) for pair in self.pairs(self.name(name), value))
        return lines + sections

    def sections(self, path: Sequence[str], value: Any) -> list[str]:
        header = self.dotted(path)
        if isinstance(value, list):
            return [line for each in value for line in (self.line(f"[[{header}]]"), *self.body(each, path))]
        own: dict[str, Any] = {}
        inner: list[str] = []
        for name, entry in value.items():  # some tables come before the header of the table they are in, or it has none
            if isinstance(entry, dict) and self.draw(st.booleans()):
                inner += self.sections([*path, name], entry)
            else:
                own[name] = entry
        if inner and not own and self.draw(st.booleans()):
            return inner
        return [*inner, self.line(f"[{header}]"), *self.body(own, path)]

    def pairs(self, key: str, value: Any) -> list[str]:
        """`key = value`, or the same spread over dotted keys."""
        if isinstance(value, dict) and value and self.draw(st.booleans()):
            dot = self.one_of(".", " . ")
            return [pair for name, entry in value.items() for pair in self.pairs(key + dot + self.name(name), entry)]
        return [f"{key}{self.one_of('=', ' = ')}{self.value(value)}"]

    def line(self, statement: str) -> str:
        before = self.one_of("", "", "\n", "  ", "# [no.header] = '\n\n\t")
        after = self.one_of("", "", " ", " # why = '")
        return f"{before}{statement}{after}\n"

    def value(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = [pair for name, entry in value.items() for pair in self.pairs(self.name(name), entry)]
            return self.enclosed("{", pairs, "}")
        if isinstance(value, list):
            return self.enclosed("[", [self.value(each) for each in value], "]")
        return self.text(value) if isinstance(value, str) else self.scalar(value)

    def scalar(self, value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            return self.one_of(str(value), f"{value:_}", hex(value) if value >= 0 else f"{value:+}")
        if isinstance(value, (date, time)):
            return value.isoformat().replace("T", self.one_of("T", "t", " "))
        return repr(value)

    def enclosed(self, opening: str, items: Sequence[str], closing: str) -> str:
        gap = self.one_of("", " ", "\n", " # ,]}\n\t")
        end = self.one_of("", ",") if items else ""
        return opening + gap + f"{gap},{gap}".join(items) + gap + end + gap + closing

    def dotted(self, path: Sequence[str]) -> str:
        blank = self.one_of("", " ")
        return blank + f"{blank}.{blank}".join(self.name(name) for name in path) + blank

    def name(self, name: str) -> str:
        styles = [escaped(name)]
        if re.fullmatch("[A-Za-z0-9_-]+", name):
            styles += [name]
        if not re.search(r"['\n]", name):
            styles += [f"'{name}'"]
        return self.one_of(*styles)

    def text(self, text: str) -> str:
        first = "\n" if text.startswith("\n") else self.one_of("", "\n")
        quoted = re.sub(r"[\\\r\x00\x7f]", lambda each: f"\\u{ord(each[0]):04x}", text).replace('"""', '""\\"')
        styles = [escaped(text), f'"""{first}{quoted}"""']
        if not text.startswith((" ", "\t", "\n")):  # which the backslash at the line's end would swallow
            styles += [f'"""\\ \n\n  {quoted}"""']
        if not re.search(r"[\r\x00\x7f]|'''", text):
            styles += [f"'''{first}{text}'''"]
        if not re.search(r"[\r\x00\x7f]|'|\n", text):
            styles += [f"'{text}'"]
        return self.one_of(*styles)


def escaped(text: str) -> str:
    return '"' + re.sub(r'["\\\x00-\x1f\x7f]', lambda each: f"\\U{ord(each[0]):08x}", text) + '"'


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    return Writer(draw).document(draw(DOCUMENTS))


def text_from(text: str, position: Position) -> str:
    lines = text.replace("\r\n", "\n").split("\n")[position.line - 1 :]
    return "\n".join([lines[0][position.column - 1 :], *lines[1:]])


def name_written_first(text: str) -> str:
    name = re.match(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""", text, re.ASCII)
    assert name, text
    return name[0]


def value_written_first(text: str) -> object:
    """The value that `text` begins with: what follows it is cut off where the parser stumbles."""
    text = f"the-value = {text}"
    while True:
        try:
            return tomli.loads(text)["the-value"]
        except tomli.TOMLDecodeError as error:
            text = text[: min(error.pos, len(text) - 1)]


def entry_at(path: Path, document: Any) -> Any:
    for step in path:
        document = document[step]
    return document


@given(toml_texts())
def test_exactly_the_paths_of_any_document_are_found_in_its_order(text: str) -> None:
    assert list(positions(text)) == list(paths(tomli.loads(text)))


@given(toml_texts())
def test_every_name_of_any_document_stands_at_its_key(text: str) -> None:
    for path, located in positions(text).items():
        if isinstance(path[-1], str):
            name = name_written_first(text_from(text, located.key))
            assert list(tomli.loads(f"{name} = 0")) == [path[-1]]


@given(toml_texts())
def test_no_two_names_of_any_document_stand_at_the_same_place(text: str) -> None:
    places = [located.key for path, located in positions(text).items() if isinstance(path[-1], str)]
    assert len(set(places)) == len(places)


@given(toml_texts())
def test_an_element_of_any_document_stands_where_its_value_begins(text: str) -> None:
    for path, located in positions(text).items():
        if isinstance(path[-1], int):
            assert located.key == located.value


@given(toml_texts())
def test_every_value_of_any_document_can_be_read_where_it_begins(text: str) -> None:
    document = tomli.loads(text)
    for path, located in positions(text).items():
        entry, rest = entry_at(path, document), text_from(text, located.value)
        if not isinstance(entry, (dict, list)):
            assert repr(value_written_first(rest)) == repr(entry)  # two nan differ, their texts do not
        elif isinstance(entry, dict) and rest.startswith("{"):
            assert repr(value_written_first(rest)) == repr(entry)
        elif isinstance(entry, dict) and not rest.startswith("["):
            assert name_written_first(rest)
        else:
            assert rest.startswith("[")


@given(toml_texts())
def test_writing_another_name_at_the_key_of_a_value_renames_that_value(text: str) -> None:
    text = text.replace("\r\n", "\n")
    document = tomli.loads(text)
    for path, located in positions(text).items():
        if isinstance(path[-1], str) and not isinstance(entry_at(path, document), (dict, list)):
            rest = text_from(text, located.key)
            before = text[: len(text) - len(rest)]
            renamed = tomli.loads(f"{before}renamed{rest.removeprefix(name_written_first(rest))}")
            assert set(paths(renamed)) == {*paths(document), (*path[:-1], "renamed")} - {path}
